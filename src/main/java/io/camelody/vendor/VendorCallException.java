package io.camelody.vendor;

/** A status call that brought no answer. It ends no song: the tasks are asked about again. */
public final class VendorCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VendorError error;
    private final boolean notFound;
    private final boolean unmapped;

    /** @param unmapped whether the vendor answered, and its file could not read the answer */
    VendorCallException(VendorError error, boolean notFound, boolean unmapped) {
        super(error.message());
        this.error = error;
        this.notFound = notFound;
        this.unmapped = unmapped;
    }

    public VendorError error() {
        return error;
    }

    /** Whether one of the tasks may be why there is no answer about the others. */
    public boolean mayLieInOneTask() {
        return unmapped || error.errorClass() == ErrorClass.INVALID;
    }

    /** Whether the vendor says that what was asked about is not there. */
    public boolean isNotFound() {
        return notFound;
    }
}

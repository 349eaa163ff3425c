package io.camelody.vendor;

/** A status call that brought no answer. It ends no song: the tasks are asked about again. */
public final class VendorCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VendorError error;
    private final boolean notFound;

    VendorCallException(VendorError error, boolean notFound) {
        super(error.message());
        this.error = error;
        this.notFound = notFound;
    }

    public VendorError error() {
        return error;
    }

    /** Whether the vendor says that what was asked about is not there. */
    public boolean isNotFound() {
        return notFound;
    }
}

package io.camelody.vendor;

import java.util.Optional;

/** A status call that brought no answer. It ends no song: the tasks are asked about again. */
public final class VendorCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VendorError error;
    private final transient Optional<Integer> status;

    VendorCallException(VendorError error, Optional<Integer> status) {
        super(error.message());
        this.error = error;
        this.status = status;
    }

    public VendorError error() {
        return error;
    }

    /** Whether the vendor says that what was asked about is not there. */
    public boolean isNotFound() {
        return status.filter(code -> code == 404).isPresent();
    }
}

package io.camelody.cli;

/** The command line asks for something that cannot be; the message says what and what to do. Exit code 2. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}

package io.camelody.ledger;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * The ledger could not be read or written. What was under way is unchanged, since every method is one transaction; only an
 * {@link UnknownOutcomeException} leaves that open.
 */
public class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param done what could not be: {@code opened}, {@code read}, {@code written}, {@code closed} */
    LedgerException(String done, Throwable cause, String ledger) {
        this("The ledger could not be %s: %s (ledger: %s)".formatted(done, matter(cause, ledger), ledger), cause);
    }

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    LedgerException(String message) {
        super(message);
    }

    /** What is the matter, and what to do about it; by the states of PostgreSQL, else by SQLite's primary result codes. */
    private static String matter(Throwable cause, String ledger) {
        String state = state(cause);
        if (state.equals("08004")) {
            return "PostgreSQL refused the connection: %s Check camelody.ledger.url, camelody.ledger.user and camelody.ledger.password."
                    .formatted(firstLine(root(cause)));
        }
        if (root(cause).getCause() instanceof UnknownHostException host) {
            return "there is no host \"%s\". Check camelody.ledger.url.".formatted(host.getMessage());
        }
        if (state.startsWith("08") || state.startsWith("57P")) {
            return "PostgreSQL cannot be reached: %s Start it, or see camelody.ledger.url."
                    .formatted(firstLine(root(cause)));
        }
        if (root(cause) instanceof SQLTransientConnectionException) {
            return "no connection became free: %s. Raise camelody.ledger.connections.".formatted(firstLine(cause));
        }
        if (state.startsWith("28")) {
            return "PostgreSQL refused the user. Check camelody.ledger.user and camelody.ledger.password.";
        }
        if (state.equals("3D000") || state.equals("3F000")) {
            return "%s. Create it, or see camelody.ledger.url.".formatted(firstLine(root(cause)));
        }
        if (state.equals("42501")) {
            return "%s. Grant it to camelody.ledger.user: to make tables for a start and an update, to read and write them for all else."
                    .formatted(firstLine(root(cause)));
        }
        if (state.equals("55P03")) {
            return "others worked on it all the time, and it could not be brought up to date. Start it again, or stop the others first.";
        }
        if (state.equals("57014")) {
            return "it could not be brought up to date within the 30 s for which others may be held up, and was left as it was.";
        }
        return switch (cause instanceof SQLException failure ? failure.getErrorCode() & 0xff : 0) {
            case 5, 6 -> "another process keeps it locked. Let that process finish, or stop it.";
            case 8, 14 -> "it, its folder or its disk is read-only or not there. Let this user write there.";
            case 11, 26 -> "it is damaged, or no ledger. " + leftAsItIs(ledger);
            case 13 -> "its disk is full. Make room on it.";
            default -> (cause instanceof SQLException ? firstLine(root(cause)) : cause) + ".";
        };
    }

    /** A pool that waited in vain says so itself, and has the reason behind it. */
    private static Throwable root(Throwable cause) {
        return cause instanceof SQLTransientConnectionException && cause.getCause() instanceof SQLException why
                ? root(why)
                : cause;
    }

    private static String state(Throwable cause) {
        return root(cause) instanceof SQLException failure && failure.getSQLState() != null
                ? failure.getSQLState()
                : "";
    }

    /** What follows it in PostgreSQL are the values of the row. */
    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** What to do about a ledger that is damaged. */
    static String leftAsItIs(Object ledger) {
        return "It was left as it is: restore a backup, or save what can be read with sqlite3 %s .recover. A new one in its place would buy its songs again."
                .formatted(ledger);
    }
}

package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.pace.Gate;
import io.camelody.pace.Heard;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator reads of paid calls that did not go well. */
final class SubmitLog {

    private static final Logger LOG = LoggerFactory.getLogger(SubmitConsumer.class);

    private SubmitLog() {}

    /** The gate of a vendor has closed or opened. */
    static void turned(Gate.Turn turn, String vendor, Heard heard) {
        switch (turn) {
            case NONE -> {}
            case LEFT_ALONE ->
                LOG.warn(
                        "{} asked to be left alone; no song is submitted to it for {} s. (vendor: {})",
                        vendor,
                        heard.leaveAlone().toSeconds(),
                        vendor);
            case BROKEN ->
                LOG.warn(
                        "{} has not answered sensibly {} times or more in a row; a single song tries it again later. (vendor: {})",
                        vendor,
                        Gate.BREAKS_AFTER,
                        vendor);
            // as loud as the line that it ends
            case MENDED ->
                LOG.warn("{} answers again; songs are submitted to it as before. (vendor: {})", vendor, vendor);
        }
    }

    static void notTaken(String songId, String vendor, VendorError error, Change change) {
        String follows = "the song has failed";
        if (change instanceof Change.Doubted) {
            follows = "the song is in doubt: see camelody resolve";
        } else if (change instanceof Change.MovedOn moved) {
            follows = "it goes on to " + moved.vendor();
        } else if (change instanceof Change.AcceptedAgain) {
            boolean paused = error.errorClass() == ErrorClass.CREDITS || error.errorClass() == ErrorClass.AUTH;
            follows = paused ? "the vendor is paused" : "will be tried again";
        }
        LOG.warn(
                "{} did not take a song: {}; {}. (song: {}, vendor: {}, class: {})",
                vendor,
                error.message(),
                follows,
                songId,
                vendor,
                error.errorClass().word());
    }

    /** The only record of what is paid for, until an operator resolves the song with it. */
    static void notRecorded(String songId, SubmitAnswer.Taken taken, Exception why) {
        LOG.error(
                "A paid call was taken and could not be recorded. Keep this line: camelody resolve {} --task-id {} ({})",
                songId,
                String.join(",", taken.taskIds()),
                why.getMessage());
    }
}

package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.Database.WorkOnAll;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupedWritesTest {

    private static final String INSERT = "INSERT INTO word (text) VALUES (?)";

    @TempDir
    private Path folder;

    private Database database;
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @BeforeEach
    void open() {
        SongLedger.openForWork(LedgerSource.of(url())).close();
        database = new Database(LedgerSource.of(url()));
        database.write(session -> session.update("CREATE TABLE word (text TEXT NOT NULL UNIQUE)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void writesThatWaitTogetherAreAllThereWhenTheyReturn() throws Exception {
        CompletableFuture<List<String>> first = write(session -> {
            waitForTheOthers();
            session.update(INSERT, "first");
        });
        CompletableFuture<List<String>> second = write(session -> session.update(INSERT, "second"));
        CompletableFuture<List<String>> third = write(session -> session.update(INSERT, "third"));

        letTheFirstEnd();

        assertThat(first.get()).contains("first");
        assertThat(second.get()).contains("second");
        assertThat(third.get()).contains("third");
    }

    @Test
    void writeThatFailsTakesNoOtherWithIt() throws Exception {
        write(session -> waitForTheOthers());
        CompletableFuture<List<String>> before = write(session -> session.update(INSERT, "before"));
        CompletableFuture<List<String>> lost = write(session -> {
            session.update(INSERT, "half");
            throw new ClaimLostException(new Claim("a-song", "somebody", 1));
        });
        CompletableFuture<List<String>> twice = write(session -> {
            session.update(INSERT, "half");
            session.update(INSERT, "half");
        });
        CompletableFuture<List<String>> after = write(session -> session.update(INSERT, "after"));

        letTheFirstEnd();

        assertThat(before.get()).contains("before");
        assertThat(after.get()).contains("after").doesNotContain("half");
        assertThatThrownBy(lost::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClaimLostException.class);
        assertThatThrownBy(twice::get).hasCauseInstanceOf(LedgerException.class);
    }

    @Test
    void whatManyWantIsGivenToTheWorkAtOnceAndEachHasItsOwnAnswer() throws Exception {
        List<Integer> together = new ArrayList<>();
        WorkOnAll<String, String> upper = (session, words) -> {
            together.add(words.size());
            for (String word : words) {
                session.update(INSERT, word);
            }
            return words.stream().map(String::toUpperCase).toList();
        };
        write(session -> waitForTheOthers());
        CompletableFuture<String> second = write(upper, "second");
        CompletableFuture<String> third = write(upper, "third");

        letTheFirstEnd();

        assertThat(second.get()).isEqualTo("SECOND");
        assertThat(third.get()).isEqualTo("THIRD");
        assertThat(together).containsExactly(2);
    }

    @Test
    void oneThatFailsTheWorkOfManyFailsAlone() throws Exception {
        WorkOnAll<String, String> insert = (session, words) -> {
            for (String word : words) {
                session.update(INSERT, word);
            }
            return words;
        };
        write(session -> waitForTheOthers());
        CompletableFuture<String> good = write(insert, "good");
        CompletableFuture<String> twice = write(insert, "good");
        CompletableFuture<String> other = write(insert, "other");

        letTheFirstEnd();

        assertThat(good.get()).isEqualTo("good");
        assertThat(other.get()).isEqualTo("other");
        assertThatThrownBy(twice::get).hasCauseInstanceOf(LedgerException.class);
        assertThat(words()).containsExactlyInAnyOrder("good", "other");
    }

    @Test
    void nothingIsSaidToBeWrittenWhenTheWholeTransactionIsLost() throws Exception {
        write(session -> waitForTheOthers());
        CompletableFuture<List<String>> before = write(session -> session.update(INSERT, "before"));
        CompletableFuture<List<String>> full = write(session -> {
            // what SQLite does by itself when the disk is full
            session.update("ROLLBACK");
            throw new IllegalStateException("the disk is full");
        });
        CompletableFuture<List<String>> after = write(session -> session.update(INSERT, "after"));

        letTheFirstEnd();

        assertThatThrownBy(before::get).hasStackTraceContaining("the disk is full");
        assertThatThrownBy(full::get).hasStackTraceContaining("the disk is full");
        assertThatThrownBy(after::get).hasStackTraceContaining("the disk is full");
        assertThat(words()).isEmpty();
        database.write(session -> session.update(INSERT, "later"));
        assertThat(words()).containsExactly("later");
    }

    private interface Writing {
        void in(Session session) throws SQLException;
    }

    /** Writes in a thread of its own, one after the other, and says which words another connection then sees. */
    private CompletableFuture<List<String>> write(Writing writing) {
        return start(() -> {
            database.write(session -> {
                writing.in(session);
                return null;
            });
            return words();
        });
    }

    private CompletableFuture<String> write(WorkOnAll<String, String> work, String word) {
        return start(() -> database.write(List.of(), work, word));
    }

    private <T> CompletableFuture<T> start(Supplier<T> write) {
        CompletableFuture<T> seen = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                seen.complete(write.get());
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
            }
        });
        threads.add(thread);
        thread.start();
        // the first waits for its latch and the others for the first
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return seen;
    }

    private void waitForTheOthers() {
        try {
            firstMayEnd.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void letTheFirstEnd() throws InterruptedException {
        firstMayEnd.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private List<String> words() {
        try (Database other = new Database(LedgerSource.of(url()))) {
            return other.read(session -> session.list(row -> row.getString(1), "SELECT text FROM word"));
        }
    }

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("words.db");
    }
}

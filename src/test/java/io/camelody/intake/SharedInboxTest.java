package io.camelody.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestCamel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inbox that two nodes see, each at its own place, step by step: a reader that stands still, dies, and wakes. */
final class SharedInboxTest {

    private static final Duration PAST_THE_LEASE = Duration.ofMinutes(3);

    /** Three chunks, of which each fourth request is refused. */
    private static final int LINES = 1_200;

    private static final int BAD = LINES / 4;

    @TempDir
    private Path folder;

    private final String url = PostgresServer.schema();
    private final SettableClock clock = new SettableClock();
    private final CamelContext camel = TestCamel.context();
    private final List<Node> nodes = new ArrayList<>();
    private Path inbox;
    private Node one;
    private Node other;

    @BeforeEach
    void open() throws IOException {
        inbox = Files.createDirectories(folder.resolve("inbox"));
        one = new Node(inbox);
        other = new Node(Files.createSymbolicLink(folder.resolve("mounted"), inbox));
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.ledger.close());
    }

    @Test
    void aRouteThatDoesNotAskWhoHasAFileIsToldWhatItLacks() throws IOException {
        drop("a.jsonl");
        one.open("a.jsonl");

        Exchange another = other.open("a.jsonl");

        assertThatThrownBy(() -> other.inbox.chunks(another))
                .hasMessageContaining("Put the filter on camelodyInbox.isOpen into the home's own");
    }

    @Test
    void aFileThatOneNodeReadsIsLeftAloneByTheOthers() throws IOException {
        drop("a.jsonl");
        Exchange reading = one.open("a.jsonl");

        assertThat(other.inbox.isOpen(other.open("a.jsonl"))).isFalse();
        one.readAll(reading);
        one.inbox.putAway(reading);

        assertThat(other.inbox.isOpen(other.open("a.jsonl"))).isFalse();
        assertEachOnce("a.jsonl");
    }

    @Test
    void aFileOfADeadNodeIsReadByAnotherAndEachOfItsRequestsIsAcceptedOnce() throws IOException {
        drop("a.jsonl");
        one.readSome(one.open("a.jsonl"));
        clock.forward(PAST_THE_LEASE);

        other.takeIn("a.jsonl");

        assertEachOnce("a.jsonl");
    }

    @Test
    void aReaderThatWakesWhileAnotherReadsWritesNothingMore() throws IOException {
        drop("a.jsonl");
        Exchange slow = one.open("a.jsonl");
        one.readSome(slow);
        clock.forward(PAST_THE_LEASE);
        Exchange next = other.open("a.jsonl");
        other.readSome(next);

        int more = one.readAll(slow);
        one.inbox.putAway(slow);
        one.inbox.close(slow);

        assertThat(more).isZero();
        assertThat(inbox.resolve("a.jsonl")).exists();
        assertThat(inbox.resolve("done")).doesNotExist();
        assertThat(inbox.resolve("rejected/a.jsonl.rejected.jsonl")).doesNotExist();
        other.finish(next);
        assertEachOnce("a.jsonl");
    }

    @Test
    void aReaderKeepsItsClaimForAsLongAsItReads() throws IOException {
        drop("a.jsonl");
        Exchange slow = one.open("a.jsonl");
        while (one.readSome(slow) > 0) {
            clock.forward(Duration.ofSeconds(90));
            assertThat(other.inbox.isOpen(other.open("a.jsonl"))).isFalse();
        }
        one.inbox.putAway(slow);

        assertEachOnce("a.jsonl");
    }

    /** It stood still where the ledger had just said that the file is its own. */
    @Test
    void aReaderThatWakesInTheMiddleOfTheMoveTouchesNeitherTheListNorANewFileOfTheName() throws IOException {
        DroppedFile dropped = one.readUntilTheMove();
        clock.forward(PAST_THE_LEASE);
        other.takeIn("a.jsonl");
        Files.writeString(inbox.resolve("rejected/a.jsonl.rejected.jsonl"), "of the next file");
        Files.writeString(inbox.resolve("a.jsonl"), "the next file");

        assertThatThrownBy(dropped::tellRefused).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> dropped.held().moveTo("done/a.jsonl")).isInstanceOf(NoSuchFileException.class);

        assertThat(inbox.resolve("a.jsonl")).hasContent("the next file");
        assertThat(inbox.resolve("rejected/a.jsonl.rejected.jsonl")).hasContent("of the next file");
        assertThat(Files.readAllLines(inbox.resolve("done/a.jsonl"))).hasSize(LINES);
    }

    /** It stood still right after it was given the file, before it took the claims before its own away. */
    @Test
    void aReaderThatWakesAsItBeginsIsInNobodysWay() throws IOException {
        drop("a.jsonl");
        InboxFolder seen = new InboxFolder(inbox);
        var slow = one.ledger.drops().take(seen.name(), "a.jsonl", false).orElseThrow();
        clock.forward(PAST_THE_LEASE);
        Exchange next = other.open("a.jsonl");
        other.readSome(next);

        try (HeldDrop late = HeldDrop.of(one.ledger.drops(), seen, slow)) {
            assertThat(late.isLost()).isTrue();
        }

        other.finish(next);
        assertEachOnce("a.jsonl");
    }

    @Test
    void aFileOnItsWayOutIsBroughtToItsPlaceByAnother() throws IOException {
        DroppedFile dropped = one.readUntilTheMove();
        dropped.tellRefused();
        Path claim = dropped.held().folder();
        Files.move(inbox.resolve("a.jsonl"), claim.resolve("file"));
        clock.forward(PAST_THE_LEASE.multipliedBy(2));

        other.settle();

        assertEachOnce("a.jsonl");
        clock.forward(PAST_THE_LEASE.multipliedBy(2));
        assertThat(one.ledger.drops().leftBehind(false))
                .as("not known to be out")
                .isEmpty();
    }

    @Test
    void aFileThatSomebodyPutAtItsPlaceIsNotTakenForIt() throws IOException {
        one.readUntilTheMove();
        Path strange =
                Files.writeString(Files.createDirectories(inbox.resolve("done")).resolve("a.jsonl"), "somebody's");
        clock.forward(PAST_THE_LEASE);

        other.takeIn("a.jsonl");

        assertThat(songs()).isEqualTo(LINES - BAD);
        assertThat(strange).hasContent("somebody's");
        assertThat(Files.readAllLines(inbox.resolve("done/a-2.jsonl"))).hasSize(LINES);
    }

    @Test
    void aFileOnItsWayOutTakesThePlaceOfNobodys() throws IOException {
        DroppedFile dropped = one.readUntilTheMove();
        Files.move(inbox.resolve("a.jsonl"), dropped.held().folder().resolve("file"));
        Path strange =
                Files.writeString(Files.createDirectories(inbox.resolve("done")).resolve("a.jsonl"), "somebody's");
        clock.forward(PAST_THE_LEASE.multipliedBy(2));

        other.settle();

        assertThat(strange).hasContent("somebody's");
        assertThat(Files.readAllLines(inbox.resolve("done/a-2.jsonl"))).hasSize(LINES);
        assertThat(songs()).isEqualTo(LINES - BAD);
    }

    /** It died behind the move, and before that was noted. */
    @Test
    void aNewFileUnderTheNameOfOneThatIsAtItsPlaceIsAnotherDrop() throws IOException {
        one.readUntilTheMove().held().moveTo("done/a.jsonl");
        clock.forward(PAST_THE_LEASE);
        drop("a.jsonl");

        other.takeIn("a.jsonl");

        assertThat(songs()).isEqualTo(2 * (LINES - BAD));
        assertThat(inbox.resolve("done/a-2.jsonl")).exists();
    }

    @Test
    void aNewFileUnderTheNameOfOneOnItsWayOutIsAnotherDrop() throws IOException {
        DroppedFile dropped = one.readUntilTheMove();
        Files.move(inbox.resolve("a.jsonl"), dropped.held().folder().resolve("file"));
        clock.forward(PAST_THE_LEASE);
        drop("a.jsonl");

        other.takeIn("a.jsonl");

        assertThat(inbox.resolve("done/a.jsonl")).exists();
        assertThat(inbox.resolve("done/a-2.jsonl")).exists();
        assertThat(songs()).isEqualTo(2 * (LINES - BAD));
    }

    /** One died while it was on its way out, and another as soon as it had brought it to its place. */
    @Test
    void aNewFileUnderTheNameOfOneThatTwoNodesDiedOverIsAnotherDrop() throws IOException {
        DroppedFile dropped = one.readUntilTheMove();
        Files.move(inbox.resolve("a.jsonl"), dropped.held().folder().resolve("file"));
        clock.forward(PAST_THE_LEASE);
        InboxFolder seen = new InboxFolder(inbox);
        var taken = other.ledger.drops().take(seen.name(), "a.jsonl", false).orElseThrow();
        ClaimFolder.takeOver(seen, taken).deliver(seen.at("done/a.jsonl"));
        clock.forward(PAST_THE_LEASE);
        drop("a.jsonl");

        one.takeIn("a.jsonl");

        assertThat(songs()).isEqualTo(2 * (LINES - BAD));
        assertThat(inbox.resolve("done/a-2.jsonl")).exists();
    }

    @Test
    void aNodeThatDoesNotSeeAnInboxLeavesItsDropsAlone() throws IOException {
        drop("a.jsonl");
        one.readSome(one.open("a.jsonl"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Node third = new Node(elsewhere);
        clock.forward(PAST_THE_LEASE.multipliedBy(2));

        third.settle();
        other.takeIn("a.jsonl");

        assertEachOnce("a.jsonl");
    }

    @Test
    void aReportIsWrittenOnceWhereTheInboxIs() throws IOException {
        Files.writeString(inbox.resolve("a.jsonl"), "{\"prompt\": \"0\"}");
        one.takeIn("a.jsonl");
        one.ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 10).stream()
                .forEach(song -> one.ledger.steering().cancel(song.id()));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));

        new DropReports(other.ledger, false).write(List.of(elsewhere));
        assertThat(elsewhere).isEmptyDirectory();
        new DropReports(other.ledger, false).write(List.of(elsewhere, other.folder));
        Path report = inbox.resolve("done/a.jsonl.report.json");
        assertThat(Json.parse(Files.readString(report)).path("cancelled").asInt())
                .isOne();
        Files.delete(report);
        new DropReports(one.ledger, false).write(List.of(one.folder));

        assertThat(report).doesNotExist();
        assertThat(inbox.resolve(".camelody")).isDirectoryNotContaining(Files::isDirectory);
    }

    @Test
    void foldersThatHaveOnePathOnTwoMachinesAreTwo() throws IOException {
        Path local = Files.createDirectories(folder.resolve("local"));
        String mine = new InboxFolder(local).name();
        Files.move(local, folder.resolve("of another machine"));
        Files.createDirectories(local);

        assertThat(new InboxFolder(local).name()).isNotEqualTo(mine);
        assertThat(new InboxFolder(folder.resolve("of another machine")).name()).isEqualTo(mine);
    }

    private void drop(String name) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add("{\"prompt\": \"%d\"}".formatted(i));
        }
        Files.write(inbox.resolve(name), lines);
    }

    /** No request twice, none of the lists' lines either, and the file in its place with nothing left behind. */
    private void assertEachOnce(String name) throws IOException {
        assertThat(songs()).isEqualTo(LINES - BAD);
        assertThat(Files.readAllLines(inbox.resolve("rejected/" + name + ".rejected.jsonl")))
                .hasSize(BAD)
                .doesNotHaveDuplicates();
        assertThat(inbox.resolve(name)).doesNotExist();
        try (Stream<Path> done = Files.list(inbox.resolve("done"))) {
            assertThat(done).containsExactly(inbox.resolve("done/" + name));
        }
        try (Stream<Path> left = Files.list(inbox.resolve(".camelody"))) {
            assertThat(left).containsExactly(inbox.resolve(".camelody/name"));
        }
    }

    private int songs() {
        return one.ledger
                .catalog()
                .page(Optional.empty(), Optional.empty(), Cursor.START, 10 * LINES)
                .size();
    }

    /** A process that takes files in as the routes of intake-folder have it do. */
    private final class Node {

        private final Path folder;
        private final SongLedger ledger = SongLedger.openForWork(url, clock);
        private final Inbox inbox = new Inbox(ledger, false);

        Node(Path folder) {
            this.folder = folder;
            nodes.add(this);
        }

        Exchange open(String name) throws IOException {
            Exchange exchange = new DefaultExchange(camel);
            exchange.setVariable("folder", folder.toString());
            exchange.getMessage().setBody(new File(folder.toFile(), name));
            inbox.open(exchange);
            return exchange;
        }

        /** A dropped file, up to the moment when it is to leave the inbox. */
        DroppedFile readUntilTheMove() throws IOException {
            drop("a.jsonl");
            Exchange exchange = open("a.jsonl");
            readAll(exchange);
            DroppedFile dropped = exchange.getVariable("droppedFile", DroppedFile.class);
            dropped.finish();
            assertThat(dropped.held().noteRead("done/a.jsonl", 0, BAD)).isTrue();
            return dropped;
        }

        void takeIn(String name) throws IOException {
            finish(open(name));
        }

        void finish(Exchange exchange) throws IOException {
            readAll(exchange);
            inbox.putAway(exchange);
            inbox.close(exchange);
        }

        int readAll(Exchange exchange) {
            int all = 0;
            for (int some = readSome(exchange); some > 0; some = readSome(exchange)) {
                all += some;
            }
            return all;
        }

        /** @return requests of the next chunk */
        int readSome(Exchange exchange) {
            Iterator<DroppedFile.Chunk> chunks = inbox.chunks(exchange);
            if (!chunks.hasNext()) {
                return 0;
            }
            exchange.getMessage().setBody(chunks.next());
            inbox.layOut(exchange);
            exchange.getMessage().setBody(accept(exchange));
            inbox.note(exchange);
            return exchange.getMessage().getBody(ArrayNode.class).size();
        }

        /** Every fourth is refused. */
        private ArrayNode accept(Exchange exchange) {
            ArrayNode requests = exchange.getMessage().getBody(ArrayNode.class);
            List<?> ids = exchange.getVariable("requestIds", List.class);
            ArrayNode receipts = Json.MAPPER.createArrayNode();
            List<NewSong> songs = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).path("prompt").asInt() % 4 == 3) {
                    receipts.addObject()
                            .putArray("problems")
                            .addPOJO(Json.MAPPER.valueToTree(Problem.of("prompt", "better", "bad")));
                    continue;
                }
                receipts.addObject().put("isNew", true);
                songs.add(new NewSong(
                        (String) ids.get(i),
                        "foxai",
                        Optional.empty(),
                        Json.object().set("prompt", requests.get(i).path("prompt")),
                        List.of(),
                        false,
                        false,
                        Optional.empty(),
                        Optional.ofNullable(exchange.getVariable("requestBatch", String.class))));
            }
            ledger.accept(songs, false);
            return receipts;
        }

        void settle() {
            new LeftBehind(ledger, false).settle(List.of(folder));
        }
    }
}

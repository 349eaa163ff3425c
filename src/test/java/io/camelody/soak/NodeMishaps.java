package io.camelody.soak;

import io.camelody.cli.Nodes;
import io.camelody.testkit.RestartedPostgres;
import java.util.List;
import java.util.Random;

/** What becomes of nodes and of the database that they share. */
final class NodeMishaps {

    private final Nodes nodes;
    private final Random random;
    private int stopped;

    private NodeMishaps(Nodes nodes, Random random) {
        this.nodes = nodes;
        this.random = random;
    }

    static List<Mishap> of(Nodes nodes, RestartedPostgres postgres, Random random) {
        NodeMishaps mishaps = new NodeMishaps(nodes, random);
        return List.of(
                new Moment("nodes killed", mishaps::kill),
                new Moment("nodes terminated", mishaps::terminate),
                mishaps.new Stop(),
                new Moment("database started anew", postgres::restart),
                new Moment("database crashed", postgres::crash),
                new Moment("database recovered by itself", postgres::killConnection));
    }

    private void kill() throws Exception {
        int node = any();
        nodes.kill(node);
        nodes.replace(node);
    }

    private void terminate() throws Exception {
        int node = any();
        nodes.terminate(node);
        nodes.replace(node);
    }

    private int any() {
        return random.nextInt(nodes.size());
    }

    private interface Happening {
        void happen() throws Exception;
    }

    /** Over when it has begun; what follows from it takes longer. */
    private record Moment(String name, Happening happening) implements Mishap {

        @Override
        public void begin(int seconds) throws Exception {
            happening.happen();
        }
    }

    private final class Stop implements Mishap {

        @Override
        public String name() {
            return "nodes stopped and woken";
        }

        @Override
        public void begin(int seconds) throws Exception {
            stopped = any();
            nodes.stop(stopped);
        }

        @Override
        public void end() throws Exception {
            nodes.wake(stopped);
        }
    }
}

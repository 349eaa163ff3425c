package io.camelody.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Work that begins at the same moment for several, in a thread each. */
public final class AtOnce {

    private AtOnce() {}

    /** @return what came of it, in the order of those for whom it was done */
    public static <N, T> List<T> forEach(List<N> several, Function<N, T> work) throws Exception {
        CyclicBarrier together = new CyclicBarrier(several.size());
        ExecutorService pool = Executors.newFixedThreadPool(several.size());
        try {
            List<Callable<T>> all = new ArrayList<>();
            for (N each : several) {
                all.add(() -> {
                    together.await();
                    return work.apply(each);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : pool.invokeAll(all)) {
                results.add(each.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}

package io.camelody.soak;

import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.util.Random;

/** Leaves a few kilobytes of the disk, or none. */
record FullDisk(SmallDisk disk, Random random) implements Mishap {

    private static final int LEFT = 1 << 16;

    @Override
    public String name() {
        return "disk full";
    }

    @Override
    public void begin(int seconds) throws IOException {
        disk.fillBut(random.nextInt(LEFT));
    }

    @Override
    public void end() throws IOException {
        disk.makeRoom();
    }
}

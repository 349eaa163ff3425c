package io.camelody.sandbox;

/**
 * Draws notes into samples: one of six instruments, each a wave, a way to start and a way to fade.
 *
 * <p>Not thread-safe; a palette makes one, uses it and lets it go.
 */
final class Synth {

    static final int INSTRUMENTS = 6;
    private static final int WAVE = 2048;
    /** The strength of each overtone: piano, organ, music box, saw, flute, square. */
    private static final double[][] OVERTONES = {
        {1, .5, .3, .2, .1, .06},
        {1, .8, 0, .6, 0, 0, 0, .4},
        {1, 0, 0, .5, 0, 0, .25},
        {1, .5, .33, .25, .2, .17, .14, .12},
        {1, .15, .05},
        {1, 0, .33, 0, .2, 0, .14},
    };
    /** Seconds until the tone has come in, and until it has fallen to about a third. */
    private static final double[] ATTACK = {.004, .02, .002, .01, .05, .005};

    private static final double[] DECAY = {.5, 3, .35, .8, 2.5, .6};

    private final float[] wave = new float[WAVE + 1];
    private final double attack;
    private final double decay;

    Synth(int instrument) {
        double[] strengths = OVERTONES[instrument];
        double sum = 0;
        for (double strength : strengths) {
            sum += strength;
        }
        for (int i = 0; i <= WAVE; i++) {
            double value = 0;
            for (int overtone = 0; overtone < strengths.length; overtone++) {
                value += strengths[overtone] * Math.sin(2 * Math.PI * i * (overtone + 1) / WAVE);
            }
            wave[i] = (float) (value / sum);
        }
        attack = ATTACK[instrument];
        decay = DECAY[instrument];
    }

    /**
     * Adds a note; it is silent at its first and its last sample, so that notes can be cut and joined without a click.
     */
    void note(float[] into, int midi, double volume, int from, int samples) {
        int end = Math.min(into.length, from + samples);
        double step = WAVE * 440 * Math.pow(2, (midi - 69) / 12.0) / Mp3Encoder.RATE;
        double phase = 0;
        double attackStep = 1 / (attack * Mp3Encoder.RATE);
        double fade = Math.exp(-1 / (decay * Mp3Encoder.RATE));
        double release = Math.max(1, Math.min(samples / 3, Mp3Encoder.RATE / 20));
        double level = volume;
        for (int i = from; i < end; i++) {
            double in = Math.min(1, (i - from) * attackStep);
            double out = Math.min(1, (end - 1 - i) / release);
            into[i] += (float) (wave[(int) phase] * level * in * out);
            level *= fade;
            phase += step;
            if (phase >= WAVE) {
                phase -= WAVE;
            }
        }
    }
}

package org.loopscope.bench;

import java.util.List;

/**
 * What was timed in the window.
 *
 * @param slider moves of the slider, for every picture that was in front
 * @param scroll frames of the lens heatmap: scrolled, squeezed to all tokens and back
 * @param longest for each thing done, once a round, how long the FX thread was away at most
 * @param first the same for the first opening of a run in a fresh window, which is not among {@code longest}
 */
public record WindowTimes(List<Frames> slider, List<Frames> scroll, List<Away> longest, double first) {
    public WindowTimes {
        slider = List.copyOf(slider);
        scroll = List.copyOf(scroll);
        longest = List.copyOf(longest);
    }

    /**
     * Changes of one picture, each with the frame that shows it.
     *
     * @param name of the picture
     * @param frames one for each change
     */
    public record Frames(String name, List<Frame> frames) {
        public Frames {
            frames = List.copyOf(frames);
        }

        public double[] work() {
            return frames.stream().mapToDouble(Frame::work).toArray();
        }

        public double[] processor() {
            return frames.stream().mapToDouble(Frame::processor).toArray();
        }

        public double[] pictures() {
            return frames.stream().mapToDouble(Frame::picture).toArray();
        }

        public double[] painted() {
            return frames.stream().mapToDouble(Frame::painted).toArray();
        }
    }

    /**
     * One change and the frame that shows it.
     *
     * @param change seconds on the FX thread in which the new value is set and all who listen to it answer
     * @param pulse seconds on the FX thread from the beginning of layout to the end of the pulse: layout, drawing of
     *     figures, and handing the scene over to be painted
     * @param processor seconds that the FX thread had a processor from the change until all figures in sight stood, whatever it
     *     did
     * @param picture seconds from the change to the end of the pulse in which all figures in sight stood, waits for pulses
     *     and for the thread that draws figures included
     * @param render seconds after that until the frame was painted by JavaFX's own thread
     */
    public record Frame(double change, double pulse, double processor, double picture, double render) {
        /** What the FX thread did for it. */
        public double work() {
            return change + pulse;
        }

        /** To the painted frame. */
        public double painted() {
            return picture + render;
        }
    }

    /**
     * How long the FX thread was away at most while one thing was done.
     *
     * @param seconds one for each round
     */
    public record Away(String name, List<Double> seconds) {
        public Away {
            seconds = List.copyOf(seconds);
        }
    }
}

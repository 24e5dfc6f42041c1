package org.loopscope.app.shell;

import java.awt.Color;
import java.util.Locale;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;

/** What the colour under a token of the strip stands for. */
enum TokenColoring {
    EXIT_STEP("exit step") {
        @Override
        Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme) {
            int step = exitSteps[position];
            int steps = inspection.capture().steps();
            return new Value(theme.step(step, steps), Integer.toString(step), "exit step " + step + " of " + steps);
        }
    },
    LAMBDA("λ at step 1") {
        @Override
        Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme) {
            if (!inspection.exits().hasGate()) {
                return new Value(theme.grid(), "–", "no exit gate");
            }
            double lambda = inspection.exits().distribution(position).lambda(1);
            return value(theme, lambda, "λ at step 1: " + number(lambda));
        }
    },
    ENTROPY("entropy at the exit step") {
        @Override
        Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme) {
            double nats = inspection.lens().entropy(exitSteps[position] - 1, position);
            double largest = Math.log(inspection.unembedding().vocabSize());
            return value(theme, nats / largest, "entropy " + number(nats) + " nats of at most " + number(largest));
        }
    },
    PROBABILITY("top probability at the exit step") {
        @Override
        Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme) {
            double p = inspection.lens().topProbability(exitSteps[position] - 1, position, 0);
            return value(theme, p, "top probability " + number(p));
        }
    },
    AGREEMENT("agreement with full depth") {
        @Override
        Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme) {
            boolean same = inspection.lens().topId(exitSteps[position] - 1, position, 0)
                    == inspection.lens().finalId(position);
            return new Value(
                    same ? theme.accent() : theme.exit(),
                    same ? "=" : "≠",
                    same ? "same token as full depth" : "another token than full depth");
        }
    };

    private final String title;

    TokenColoring(String title) {
        this.title = title;
    }

    /** Colour, a one-character mark, and the same in words. */
    record Value(Color color, String mark, String text) {}

    abstract Value of(Inspection inspection, int position, int[] exitSteps, FigureTheme theme);

    @Override
    public String toString() {
        return title;
    }

    private static Value value(FigureTheme theme, double fraction, String text) {
        double clamped = Math.max(0, Math.min(1, fraction));
        return new Value(theme.probability(clamped), Integer.toString((int) Math.round(9 * clamped)), text);
    }

    private static String number(double x) {
        return String.format(Locale.ROOT, "%.2f", x);
    }
}

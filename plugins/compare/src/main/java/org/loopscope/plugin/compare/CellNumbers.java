package org.loopscope.plugin.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.DistributionPairs;
import org.loopscope.analysis.compare.StatePairs;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.comparing.CompareFigures;

/** The numbers of one aligned cell, of all runs: a table of texts whose first line is the head. */
record CellNumbers(String title, List<List<String>> lines) {
    private static final List<String> HEAD =
            List.of("run", "token", "loop", "top-1", "p", "entropy", "λ", "CDF", "exit", "as A");

    CellNumbers {
        lines = lines.stream().map(List::copyOf).toList();
    }

    static CellNumbers of(
            Comparison comparison,
            ExitRule rule,
            Optional<DistributionPairs> distributions,
            Optional<StatePairs> states,
            HeatmapFigure.Cell cell) {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(HEAD);
        distributions.ifPresent(d -> head.addAll(List.of("A's answer", "KL(A ‖ run)")));
        states.ifPresent(s -> head.addAll(List.of("distance", "cosine")));
        lines.add(head);
        ComparedValue same = ComparedValue.of(comparison, CompareValue.SAME_TOP1, rule, distributions, states);
        for (int run = 0; run < comparison.size(); run++) {
            int r = run;
            List<String> line = new ArrayList<>(own(comparison, rule, run, cell));
            line.add(run == 0 ? "" : text(CompareValue.SAME_TOP1, same.at(run, cell.row(), cell.column())));
            distributions.ifPresent(d -> {
                line.add(small(d.answer(r, cell.row(), cell.column())));
                line.add(r == 0 ? "" : small(d.kl(r, cell.row(), cell.column())));
            });
            states.ifPresent(s -> {
                line.add(r == 0 ? "" : small(s.distance(r, cell.row(), cell.column())));
                line.add(r == 0 ? "" : small(s.cosine(r, cell.row(), cell.column())));
            });
            lines.add(line);
        }
        return new CellNumbers(
                comparison.alignment().rowLabel(cell.row()) + " after "
                        + CompareFigures.tokens(comparison, cell.column()),
                lines);
    }

    private static List<String> own(Comparison comparison, ExitRule rule, int run, HeatmapFigure.Cell cell) {
        Alignment alignment = comparison.alignment();
        String letter = Comparison.letter(run);
        int position = alignment.position(run, cell.column());
        int step = alignment.step(run, cell.row());
        if (position == Alignment.MISSING || step == Alignment.MISSING) {
            String missing = position == Alignment.MISSING ? "no token here" : token(comparison, run, position);
            return List.of(
                    letter, missing, step == Alignment.MISSING ? "no loop" : loop(step), "–", "–", "–", "–", "–", "–");
        }
        LensGrid lens = comparison.inspection(run).lens();
        int row = lens.rowOfStep(step);
        ExitDistribution exit = comparison.inspection(run).exits().distribution(position);
        return List.of(
                letter,
                token(comparison, run, position),
                loop(step),
                TokenText.shorten(visible(lens.topText(row, position, 0)), 16),
                small(lens.topProbability(row, position, 0)),
                small(lens.entropy(row, position)),
                small(exit.lambda(step)),
                small(exit.cdf(step)),
                loop(comparison.inspection(run).exits().exitStep(rule, position)));
    }

    private static String loop(int step) {
        return Integer.toString(step);
    }

    private static String token(Comparison comparison, int run, int position) {
        return TokenText.shorten(visible(comparison.capture(run).tokenText(position)), 16);
    }

    private static String visible(String text) {
        return TokenText.visible(text, FigureTheme.LIGHT.font(12));
    }

    private static String text(CompareValue value, double number) {
        return CompareFigures.number(value, number);
    }

    /** Three digits, or a dash. */
    private static String small(double number) {
        if (Double.isNaN(number)) {
            return "–";
        }
        return number != 0 && Math.abs(number) < 5e-4
                ? String.format(Locale.ROOT, "%.0e", number)
                : String.format(Locale.ROOT, Math.abs(number) >= 99.95 ? "%.0f" : "%.3f", number);
    }
}

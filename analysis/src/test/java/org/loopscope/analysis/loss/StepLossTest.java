package org.loopscope.analysis.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitDistribution;

/** Losses of single tokens, which tokens are counted, and how a long text is cut. */
class StepLossTest {
    @Test
    void aRiseIsMoreThanTheMarginAndWorseIsMeasuredFromTheLeast() {
        StepLoss loss = StepLoss.of(new double[] {2, 1, 1.01, 1.5, 0.995}, 0.01);
        assertFalse(loss.risen(3), "0.01 is not more than 0.01");
        assertTrue(loss.risen(4));
        assertTrue(loss.risen(5), "once risen it has risen");
        assertTrue(loss.worse(4));
        assertFalse(loss.worse(5), "it has come back to its least");
        assertEquals(5, loss.best());
        assertEquals(1, StepLoss.of(new double[] {1, 1}, 0).best(), "the first of equal ones");
    }

    @Test
    void expectationAndMixtureTakeTheExitPdf() {
        ExitDistribution exit = ExitDistribution.fromGates(0.25, 0.5, 0.9); // pdf 1/4, 3/8, 3/8
        StepLoss loss = StepLoss.of(new double[] {3, 2, 1}, 0);
        assertEquals(3 / 4.0 + 2 * 3 / 8.0 + 3 / 8.0, loss.expected(exit), 1e-12);
        double mixed = Math.exp(-3) / 4 + Math.exp(-2) * 3 / 8 + Math.exp(-1) * 3 / 8;
        assertEquals(-Math.log(mixed), loss.ofMixture(exit), 1e-12);
        StepLoss certain = StepLoss.of(new double[] {Double.POSITIVE_INFINITY, 900, 901}, 0);
        assertEquals(
                900 - Math.log(0.6 + 0.4 * Math.exp(-1)),
                certain.ofMixture(ExitDistribution.fromGates(0, 0.6, 1)),
                1e-9);
    }

    /** The largest term is taken out: it may be the last, and one of no mass must not be it. */
    @Test
    void aMixtureOfVeryDifferentLossesStaysANumber() {
        StepLoss last = StepLoss.of(new double[] {900, 1}, 0);
        assertEquals(1 - Math.log(0.5), last.ofMixture(ExitDistribution.fromGates(0.5, 1)), 1e-12);
        StepLoss without = StepLoss.of(new double[] {1, 900, 901}, 0);
        assertEquals(
                900 - Math.log(0.6 + 0.4 * Math.exp(-1)),
                without.ofMixture(ExitDistribution.fromGates(0, 0.6, 1)),
                1e-9);
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 2", "10, 10, 9", "11, 4, 3", "3, 4, 2", "100, 7, 1", "2, 2, 1"})
    void everyTokenButTheFirstIsCountedOnce(int tokens, int window, int stride) {
        List<Integer> counted = new ArrayList<>();
        for (TextWindow piece : TextWindow.of(tokens, window, stride)) {
            assertTrue(piece.end() - piece.from() <= window && piece.counted() > piece.from());
            assertTrue(piece.from() == 0 || piece.counted() - piece.from() >= window - stride, "enough context");
            for (int token = piece.counted(); token < piece.end(); token++) {
                counted.add(token);
            }
        }
        assertEquals(java.util.stream.IntStream.range(1, tokens).boxed().toList(), counted);
    }

    @Test
    void aStrideAsWideAsTheWindowWouldLeaveTokensOut() {
        assertThrows(IllegalArgumentException.class, () -> TextWindow.of(10, 4, 4));
    }

    @Test
    void classesArePatternsOrAllBehindAMarker() throws LoopscopeException {
        List<TokenClass> classes = TokenClass.parse("digits=\\d;signs=[-+\\;];answer=after:</think>");
        List<String> texts = List.of("<think>", "1", "+", "2", "</th", "ink>", "3", ";");
        assertArrayEquals(
                new boolean[] {false, true, false, true, false, false, true, false},
                classes.get(0).of(texts));
        assertArrayEquals(
                new boolean[] {false, false, false, false, false, false, true, true},
                classes.get(2).of(texts));
        assertEquals(
                List.of("digits", "signs", "answer"),
                classes.stream().map(TokenClass::name).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "digits", "=\\d", "digits=", "a=after:", "all=x", "a=x;a=y", "a=[", "a=x;"})
    void whatIsNoListOfClassesIsToldInOneSentence(String list) {
        String told = String.valueOf(assertThrows(LoopscopeException.class, () -> TokenClass.parse(list))
                .getMessage());
        assertTrue(told.startsWith("--classes") && told.endsWith(".") && !told.contains("\n"), told);
    }
}

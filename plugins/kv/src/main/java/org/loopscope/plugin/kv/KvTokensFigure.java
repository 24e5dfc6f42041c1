package org.loopscope.plugin.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvToken;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.KvPolicy;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** One text under every policy, token by token. */
final class KvTokensFigure {
    private KvTokensFigure() {}

    /**
     * One text token by token: what each policy finds most probable there.
     *
     * @param texts how a token is shown
     */
    static HeatmapFigure of(KvResult result, IntFunction<String> texts, String about) {
        List<KvPolicy> policies = result.policies();
        List<List<KvToken>> rows =
                policies.stream().map(policy -> result.tokens(policy)).toList();
        List<String> labels = new ArrayList<>(List.of("full"));
        policies.forEach(policy -> labels.add(policy.cliName()));
        List<String> columns = rows.get(0).stream()
                .map(token -> visible(texts.apply(token.id())))
                .toList();
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < columns.size(); i++) {
                if (!rows.get(row).get(i).agrees()) {
                    frames.add(new HeatmapFigure.Frame(i, row + 1, row + 1));
                }
            }
        }
        double most = result.tokens().stream().mapToDouble(KvToken::kl).max().orElse(1);
        return HeatmapFigure.builder(KvFigures.TOKENS, "Token by token")
                .subtitle(about + " · given text, last loop · colour: KL(full ‖ policy) · n = " + columns.size()
                        + " tokens of one text")
                .description(frames.size() + " of " + rows.size() * columns.size()
                        + " predictions have another most probable token than under full.")
                .rows("", labels)
                .columns("token of the text; in a cell: the token found most probable there, KL (nats)", columns)
                .values(
                        ValueScale.linear("KL, nats", 0, Double.isFinite(most) && most > 0 ? most : 1),
                        (row, i) -> row == 0 ? 0 : rows.get(row - 1).get(i).kl())
                .texts((row, i) -> row == 0
                        ? List.of(visible(texts.apply(rows.get(0).get(i).fullTop())))
                        : cell(rows.get(row - 1).get(i), texts))
                .frames("another token than full", frames)
                .topDown(true)
                .preferredCell(56, 36)
                .table(() -> table(result, texts))
                .build();
    }

    private static List<String> cell(KvToken token, IntFunction<String> texts) {
        return List.of(visible(texts.apply(token.top())), number(token.kl()));
    }

    static String visible(String text) {
        return TokenText.shorten(TokenText.visible(text, FigureTheme.LIGHT.monoBold(12)), 12);
    }

    /** KL in as many digits as tell something. */
    private static String number(double kl) {
        return String.format(Locale.ROOT, kl >= 0.1 || kl == 0 ? "%.2f" : kl >= 0.001 ? "%.3f" : "%.0e", kl);
    }

    private static Table table(KvResult result, IntFunction<String> texts) {
        StringColumn policy = StringColumn.create("policy");
        IntColumn index = IntColumn.create("token");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        StringColumn fullTop = StringColumn.create("full_top");
        StringColumn top = StringColumn.create("top");
        DoubleColumn kl = DoubleColumn.create("kl");
        DoubleColumn fullLog = DoubleColumn.create("full_log_probability");
        DoubleColumn log = DoubleColumn.create("log_probability");
        StringColumn fullOwn = StringColumn.create("full_own");
        StringColumn own = StringColumn.create("own");
        for (KvToken token : result.tokens()) {
            policy.append(token.policy().cliName());
            index.append(token.index());
            id.append(token.id());
            text.append(texts.apply(token.id()));
            fullTop.append(texts.apply(token.fullTop()));
            top.append(texts.apply(token.top()));
            kl.append(token.kl());
            fullLog.append(token.fullLogProbability());
            log.append(token.logProbability());
            fullOwn.append(
                    token.fullFreeId().stream().mapToObj(texts).findFirst().orElse(""));
            own.append(token.freeId().stream().mapToObj(texts).findFirst().orElse(""));
        }
        return Table.create("kv_tokens", policy, index, id, text, fullTop, top, kl, fullLog, log, fullOwn, own);
    }
}

package org.loopscope.app.report;

import java.nio.file.Path;
import java.util.Optional;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Values;
import org.loopscope.model.base.LoopscopeException;

/** What the rows of a set say, as a section of the report: the lines, tables and figures of the lab that wrote them. */
public final class RowsSection {
    private RowsSection() {}

    /**
     * The section.
     *
     * @throws LoopscopeException with one sentence, for what is no such file
     */
    public static <P, R extends Record, S> String html(SetLab<P, R, S> lab, Path rows) throws LoopscopeException {
        Values values = Values.of(lab.settings());
        S summary = lab.summarise(rows);
        StringBuilder out = new StringBuilder("<section class=\"card\">\n<h2>")
                .append(Html.sentence(lab.title()))
                .append("</h2>\n<p class=\"summary\">")
                .append(Html.sentence(lab.summary()))
                .append(" Rows: ")
                .append(Html.foreign(String.valueOf(rows.getFileName())))
                .append(".</p>\n");
        for (Findings.Part part : lab.findings(summary, values).parts()) {
            out.append(part instanceof Findings.Line line ? line(line.text()) : table(((Findings.Listed) part).rows()));
        }
        out.append("<div class=\"figures\">\n");
        for (FigureKind kind : lab.figures()) {
            Optional<? extends Figure> figure = lab.figure(kind, summary, values);
            figure.ifPresent(one -> out.append(PanelSection.figure(one)));
        }
        return out.append("</div>\n<details class=\"help\"><summary>How to read this</summary>\n")
                .append(Html.paragraphs(lab.help()))
                .append("</details>\n</section>\n")
                .toString();
    }

    private static String line(String text) {
        return text.isBlank()
                ? ""
                : "<p class=\"note\">" + Html.sentence(text.strip().replaceAll(" {2,}", " ")) + "</p>\n";
    }

    private static String table(Rows<?> rows) {
        StringBuilder out = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
        for (int i = 0; i < rows.headings().size(); i++) {
            out.append("<th scope=\"col\"")
                    .append(rows.numeric().get(i) ? " class=\"n\"" : "")
                    .append('>')
                    .append(Html.sentence(rows.headings().get(i)))
                    .append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        rows.lines().forEach(line -> {
            out.append("<tr>");
            for (int i = 0; i < line.size(); i++) {
                out.append(Html.element("td", rows.numeric().get(i) ? "n" : "", Html.sentence(line.get(i))));
            }
            out.append("</tr>\n");
        });
        return out.append("</tbody></table></div>\n").toString();
    }
}

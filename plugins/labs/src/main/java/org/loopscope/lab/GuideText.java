package org.loopscope.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The pages of the user guide, as they are packed into the program, in the part of Markdown that the help window shows. */
public final class GuideText {
    private GuideText() {}

    /**
     * A page without its pictures, links as their words.
     *
     * @param name without its ending, {@code exit-lab}
     */
    public static String page(String name) {
        StringBuilder text = new StringBuilder();
        for (String line : source(name).split("\n", -1)) {
            if (!line.startsWith("![") && !line.startsWith("<!--")) {
                text.append(line.replaceAll("\\[([^\\]]+)\\]\\([^)]*\\)", "$1")).append('\n');
            }
        }
        return text.toString().replaceAll("\n{3,}", "\n\n").strip();
    }

    /** The part of a page under one of its headings, with the headings below it. */
    public static String section(String name, String heading) {
        List<String> part = new ArrayList<>();
        int level = 0;
        for (String line : page(name).split("\n", -1)) {
            int depth = line.length() - line.replaceFirst("^#+", "").length();
            if (level == 0 && depth > 0 && line.substring(depth).strip().equals(heading)) {
                level = depth;
            } else if (level > 0 && depth > 0 && depth <= level) {
                break;
            }
            if (level > 0) {
                part.add(line);
            }
        }
        if (part.isEmpty()) {
            throw new IllegalArgumentException("section: want a heading of " + name + ", got " + heading);
        }
        return String.join("\n", part).strip();
    }

    private static String source(String name) {
        try (InputStream in = GuideText.class.getResourceAsStream("/org/loopscope/guide/" + name + ".md")) {
            if (in == null) {
                throw new IllegalStateException("the page " + name + " of the guide is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

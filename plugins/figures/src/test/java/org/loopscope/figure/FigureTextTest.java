package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.ForeignText;

class FigureTextTest {
    private static final Font FONT = FigureTheme.LIGHT.font(12);

    private static int[] drawn(String text) {
        BufferedImage image = new BufferedImage(300, 30, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        HeatmapPainter.hints(g);
        g.setFont(FONT);
        g.setColor(Color.WHITE);
        FigureText.draw(g, text, 5, 20);
        g.dispose();
        return image.getRGB(0, 0, 300, 30, null, 0, 300);
    }

    @Test
    void isolatesTakeNoRoomAndLeaveNoMark() {
        assertEquals(
                TextMeasure.width("At ", FONT) + TextMeasure.width("Dan", FONT),
                TextMeasure.width("At \u2068Dan\u2069", FONT),
                1e-9);
        assertArrayEquals(drawn("Dan"), drawn("\u2068Dan\u2069"));
        assertArrayEquals(drawn("Dan"), drawn("\u200eDan\u200e"));
    }

    @Test
    void aNameThatNobodyMadeVisibleDoesNotTurnTheLabel() {
        assertArrayEquals(drawn("\\u202eDan"), drawn("\u202eDan"));
    }

    @Test
    void anSvgHoldsNoFormatCharacterWhereverItCameFrom() throws Exception {
        String evil = "\u202e\u200b\ufeff\u2028\u009b\u2067";
        Figure figure = HeatmapFigure.builder("evil", "At “\u2068שלום\u2069”: 0.89 " + evil)
                .subtitle("model " + evil)
                .description("Token “\u200eשלום\u200e” and " + evil)
                .rows("", List.of("row " + evil))
                .columns("columns " + evil, List.of("שלום", "a" + evil, "<&\"'"))
                .values(ValueScale.linear("value", 0, 1), (row, column) -> 0.5)
                .texts((row, column) -> List.of(TokenText.visible(evil, FONT), "0.50"))
                .build();
        String svg = FigureExport.svgText(figure, FigureTheme.LIGHT);
        assertFalse(svg.codePoints().anyMatch(c -> c != '\n' && ForeignText.isInvisible(c)), svg);
        assertTrue(svg.contains("\\u202e"), svg);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}

package org.loopscope.figure;

import java.awt.Dimension;
import java.awt.Font;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.loopscope.model.base.ForeignText;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A figure as an SVG document. Texts stay text, in Inter or what the viewer has instead. */
final class SvgWriter {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private SvgWriter() {}

    static String svg(Figure figure, FigureTheme theme) throws IOException {
        Document document = GenericDOMImplementation.getDOMImplementation().createDocument(NAMESPACE, "svg", null);
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment("Loopscope");
        context.setPrecision(5);
        context.setImageHandler(new SvgImages());
        SVGGraphics2D g = new SVGGraphics2D(context, false);
        int width = (int) Math.ceil(figure.preferredWidth());
        int height = (int) Math.ceil(figure.preferredHeight());
        g.setSVGCanvasSize(new Dimension(width, height));
        HeatmapPainter.hints(g);
        figure.draw(g, width, height, theme);
        Element root = g.getRoot();
        root.setAttributeNS(null, "viewBox", "0 0 " + width + " " + height);
        describe(document, root, figure);
        finishTexts(root, Fonts.sans(12));
        return text(g, root);
    }

    private static void describe(Document document, Element root, Figure figure) {
        Element description = document.createElementNS(NAMESPACE, "desc");
        description.appendChild(document.createTextNode(seen(figure.description())));
        root.insertBefore(description, root.getFirstChild());
        Element title = document.createElementNS(NAMESPACE, "title");
        title.appendChild(document.createTextNode(seen(figure.title())));
        root.insertBefore(title, description);
    }

    /** {@code text} without marks, and with everything else that cannot be seen as an escape. */
    private static String seen(String text) {
        return ForeignText.escaped(ForeignText.withoutMarks(text));
    }

    /**
     * Names what to use where the bundled fonts are not installed, and fixes the length of every text, so that another
     * font does not run into its neighbours.
     */
    private static void finishTexts(Element element, Font inherited) {
        Font font = fontOf(element, inherited);
        if (element.getTagName().equals("text") && !element.getTextContent().isBlank()) {
            String text = seen(element.getTextContent());
            if (!text.equals(element.getTextContent())) {
                element.setTextContent(text);
            }
            if (ForeignText.isRightToLeft(text)) {
                element.setAttributeNS(
                        null, "unicode-bidi", "plaintext"); // its first letter says which way, as in a PNG
            }
            double length = TextMeasure.width(text, font);
            element.setAttributeNS(null, "textLength", String.format(Locale.ROOT, "%.2f", length));
            element.setAttributeNS(null, "lengthAdjust", "spacingAndGlyphs");
        }
        if (element.hasAttribute("font-family")) {
            element.setAttributeNS(null, "font-family", fallback(family(element)));
        }
        NodeList children = element.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element child) {
                finishTexts(child, font);
            }
        }
    }

    /** The font that the element's own attributes, or else its ancestors', ask for. */
    private static Font fontOf(Element element, Font inherited) {
        String family = element.hasAttribute("font-family") ? family(element) : inherited.getFamily();
        boolean bold = element.hasAttribute("font-weight")
                ? element.getAttribute("font-weight").equals("bold")
                : inherited.isBold();
        float size = element.hasAttribute("font-size")
                ? Float.parseFloat(element.getAttribute("font-size").replace("px", ""))
                : inherited.getSize2D();
        return Fonts.named(family, bold).deriveFont(size);
    }

    private static String family(Element element) {
        return element.getAttribute("font-family").replace("'", "");
    }

    private static String fallback(String family) {
        return switch (family) {
            case Fonts.SANS -> "Inter, 'Helvetica Neue', Arial, sans-serif";
            case Fonts.MONO -> "'JetBrains Mono', Menlo, Consolas, monospace";
            default -> family;
        };
    }

    private static String text(SVGGraphics2D g, Element root) throws IOException {
        StringWriter out = new StringWriter();
        try {
            g.stream(root, out, false, false);
        } catch (SVGGraphics2DIOException e) {
            throw new IOException("SVG of a figure could not be written", e);
        }
        return out.toString();
    }
}

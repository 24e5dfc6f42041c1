package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.loopscope.plugin.card.WindowLook;

/** Shows a page of text: paragraphs, {@code #} headings, {@code -} lists and indented code, the part of Markdown the guide uses. */
final class HelpWindow {
    private HelpWindow() {}

    static void show(Scene owner, String title, String text) {
        VBox page = new VBox();
        page.setId("help-page");
        page.getStyleClass().add("ls-help");
        page.getChildren().addAll(render(text));
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        Scene scene = new Scene(scroll, 660, 620);
        WindowLook look = WindowLook.follow(owner, scene);
        Stage stage = new Stage();
        stage.setTitle(title + " – Loopscope help");
        stage.initOwner(owner.getWindow());
        stage.setScene(scene);
        stage.setOnHidden(e -> look.drop());
        scene.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                stage.close();
            }
        });
        stage.show();
    }

    static List<Node> render(String text) {
        List<Node> nodes = new ArrayList<>();
        for (String block : text.strip().split("\\n\\s*\\n")) {
            if (block.startsWith("#")) {
                nodes.add(label(block.replaceFirst("^#+\\s*", "").replace('\n', ' '), "ls-help-heading"));
            } else if (block.startsWith("    ") || block.startsWith("```") || block.startsWith("|")) {
                nodes.add(label(block.replaceAll("(?m)^```.*\\n?", "").stripTrailing(), "ls-help-code"));
            } else if (block.startsWith("- ")) {
                for (String item : block.split("\\n(?=- )")) {
                    nodes.add(label("•  " + plain(item.substring(2)), "ls-help-item"));
                }
            } else if (!block.startsWith("![")) {
                nodes.add(label(plain(block), "ls-help-text"));
            }
        }
        return nodes;
    }

    private static String plain(String block) {
        return block.replaceAll("\\s*\\n\\s*", " ").replaceAll("\\*\\*|`", "");
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add(style);
        return label;
    }
}

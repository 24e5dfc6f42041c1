package org.loopscope.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import org.loopscope.analysis.prompts.Prompt;

/** Prompts to try, by set and difficulty. Choosing one puts it into the editor and runs it. */
public final class SampleTree {
    private final TreeView<Item> tree = new TreeView<>(new TreeItem<>());
    private final Consumer<Prompt> chosen;

    /** A row of the tree: a set, a group, or a prompt. */
    record Item(String title, String help, Optional<Prompt> prompt) {
        @Override
        public String toString() {
            return title;
        }
    }

    /** A set of prompts as the tree shows it. */
    public record Shown(String title, String description, List<Prompt> prompts) {}

    SampleTree(Consumer<Prompt> chosen) {
        this.chosen = chosen;
        tree.setId("samples");
        tree.setShowRoot(false);
        tree.setAccessibleText("Sample prompts");
        tree.getStyleClass().add("ls-samples");
        tree.setMinHeight(140);
        tree.setCellFactory(view -> new Cell());
        tree.setOnMouseClicked(e -> choose());
        tree.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                choose();
            }
        });
    }

    TreeView<Item> node() {
        return tree;
    }

    void show(List<Shown> sets) {
        tree.getRoot()
                .getChildren()
                .setAll(sets.stream().map(SampleTree::setItem).toList());
        if (!tree.getRoot().getChildren().isEmpty()) {
            tree.getRoot().getChildren().get(0).setExpanded(true);
        }
    }

    private static TreeItem<Item> setItem(Shown set) {
        TreeItem<Item> root = new TreeItem<>(new Item(set.title(), set.description(), Optional.empty()));
        Map<String, TreeItem<Item>> groups = new LinkedHashMap<>();
        for (Prompt prompt : set.prompts()) {
            TreeItem<Item> leaf = new TreeItem<>(leaf(prompt));
            String group = prompt.group().orElse("");
            if (group.isEmpty()) {
                root.getChildren().add(leaf);
                continue;
            }
            groups.computeIfAbsent(group, name -> {
                        TreeItem<Item> item = new TreeItem<>(new Item(name, set.description(), Optional.empty()));
                        root.getChildren().add(item);
                        return item;
                    })
                    .getChildren()
                    .add(leaf);
        }
        return root;
    }

    private static Item leaf(Prompt prompt) {
        String answer = prompt.answer().map(a -> "  →  " + Tokens.line(a)).orElse("");
        return new Item(Tokens.line(prompt.prompt()) + answer, "Run this prompt", Optional.of(prompt));
    }

    private void choose() {
        TreeItem<Item> item = tree.getSelectionModel().getSelectedItem();
        if (item != null && item.getValue() != null) {
            item.getValue().prompt().ifPresent(chosen);
        }
    }

    private static final class Cell extends TreeCell<Item> {
        @Override
        protected void updateItem(Item item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.title());
            setTooltip(empty || item == null ? null : new Tooltip(item.title() + "\n" + item.help()));
        }
    }
}

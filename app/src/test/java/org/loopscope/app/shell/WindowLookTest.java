package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.plugin.card.WindowLook;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

/** Windows opened from another one look like it, before and after it changes. */
@ExtendWith(ApplicationExtension.class)
class WindowLookTest {
    private static Scene scene(String styleClass) {
        StackPane root = new StackPane();
        root.getStyleClass().add(styleClass);
        return new Scene(root, 100, 100);
    }

    @Test
    void aWindowFollowsItsOwnersThemeAndTextSizeAndKeepsItsOwnClasses(FxRobot robot) {
        robot.interact(() -> {
            Scene owner = scene("main");
            Scene child = scene("card");
            owner.getRoot().setStyle("-fx-font-size: 13px;");
            WindowLook look = WindowLook.follow(owner, child);
            owner.getRoot().getStyleClass().add("dark");
            owner.getRoot().setStyle("-fx-font-size: 16px;");
            owner.getStylesheets().setAll("data:text/css,.a{}");
            assertTrue(child.getRoot().getStyleClass().containsAll(List.of("card", "main", "dark")));
            assertEquals("-fx-font-size: 16px;", child.getRoot().getStyle());
            assertEquals(List.of("data:text/css,.a{}"), child.getStylesheets());
            owner.getRoot().getStyleClass().remove("dark");
            assertFalse(child.getRoot().getStyleClass().contains("dark"));
            look.drop();
            owner.getRoot().getStyleClass().add("dark");
            owner.getRoot().setStyle("-fx-font-size: 10px;");
            assertFalse(child.getRoot().getStyleClass().contains("dark"), "closed: no longer followed");
            assertEquals("-fx-font-size: 16px;", child.getRoot().getStyle());
        });
    }
}

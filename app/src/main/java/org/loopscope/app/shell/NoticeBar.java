package org.loopscope.app.shell;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.base.ForeignText;

/** One sentence under the toolbar with what can be done about it; takes no room while there is none. */
final class NoticeBar {
    private final HBox root = new HBox(10);
    private final Label sentence = new Label();

    private NoticeBar(String id) {
        sentence.setId(id);
        sentence.setWrapText(true);
        sentence.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(sentence, Priority.ALWAYS);
        root.getChildren().add(sentence);
        root.getStyleClass().add("ls-notice");
        root.setAlignment(Pos.CENTER_LEFT);
        root.visibleProperty().bind(Bindings.isNotEmpty(sentence.textProperty()));
        root.managedProperty().bind(root.visibleProperty());
    }

    /** The notice of the workbench. */
    static NoticeBar ofProblems(Workbench workbench, Runnable showLog) {
        NoticeBar bar = new NoticeBar("notice");
        bar.sentence
                .textProperty()
                .bind(workbench.noticeProperty().map(text -> ForeignText.inWindow(ForeignText.lines(text))));
        bar.button("notice-log", "Log", showLog);
        bar.button("notice-dismiss", "Dismiss", workbench::dismissNotice);
        return bar;
    }

    /** Empty until {@link #offer}. */
    static NoticeBar forOffers() {
        NoticeBar bar = new NoticeBar("offer");
        bar.root.getStyleClass().add("ls-offer");
        return bar;
    }

    /** Offers two things to do; each ends the offer. */
    void offer(String text, String yes, Runnable onYes, String no, Runnable onNo) {
        root.getChildren().setAll(sentence);
        button("offer-yes", yes, () -> answer(onYes));
        button("offer-no", no, () -> answer(onNo));
        sentence.setText(text);
    }

    private void answer(Runnable action) {
        sentence.setText("");
        action.run();
    }

    private void button(String id, String text, Runnable action) {
        Button button = SidebarView.link(text);
        button.setId(id);
        button.setOnAction(e -> action.run());
        root.getChildren().add(button);
    }

    Node node() {
        return root;
    }
}

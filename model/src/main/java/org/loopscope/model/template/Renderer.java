package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.template.Statement.Target;

/** Runs the statements of a template once. */
final class Renderer {
    /** The variable behind {@link Expression.BlockText}; no name of a template can be that. */
    static final String BLOCK_TEXT = " block text";

    private final Budget budget;
    private final Evaluator evaluator;
    private StringBuilder out = new StringBuilder();
    private long written;

    /** How a body ended. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Renderer(Budget budget) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
    }

    String render(List<Statement> statements, Scope scope) {
        run(statements, scope);
        return out.toString();
    }

    private Flow run(List<Statement> statements, Scope scope) {
        budget.enter();
        Flow flow = Flow.ON;
        for (int i = 0; i < statements.size() && flow == Flow.ON; i++) {
            flow = run(statements.get(i), scope);
        }
        budget.leave();
        return flow;
    }

    private Flow run(Statement statement, Scope scope) {
        if (statement instanceof Statement.Text s) {
            write(s.text());
        } else if (statement instanceof Statement.Output s) {
            located(s.line(), () -> write(PythonText.str(evaluator.value(s.value(), scope))));
        } else if (statement instanceof Statement.If s) {
            return runIf(s, scope);
        } else if (statement instanceof Statement.For s) {
            runFor(s, scope);
        } else if (statement instanceof Statement.Assign s) {
            located(s.line(), () -> assign(s.targets(), evaluator.value(s.value(), scope), scope));
        } else if (statement instanceof Statement.Macro s) {
            scope.set(s.name(), macro(s, scope));
        } else if (statement instanceof Statement.Break) {
            return Flow.BREAK;
        } else if (statement instanceof Statement.Continue) {
            return Flow.CONTINUE;
        } else {
            runWithText(statement, scope);
        }
        return Flow.ON;
    }

    private void runWithText(Statement statement, Scope scope) {
        if (statement instanceof Statement.AssignText s) {
            located(
                    s.line(),
                    () -> assign(
                            List.of(s.target()), through(s.through(), text(s.body(), new Scope(scope)), scope), scope));
        } else if (statement instanceof Statement.FilterBlock s) {
            located(
                    s.line(),
                    () -> write(PythonText.str(through(s.through(), text(s.body(), new Scope(scope)), scope))));
        } else if (statement instanceof Statement.CallBlock s) {
            located(s.line(), () -> callWithBody(s, scope));
        } else if (statement instanceof Statement.Scoped s) {
            Scope inner = new Scope(scope);
            for (int i = 0; i < s.targets().size(); i++) {
                assign(List.of(s.targets().get(i)), evaluator.value(s.values().get(i), inner), inner);
            }
            run(s.body(), inner);
        }
    }

    /** Gives the line to a problem that has none yet. */
    private static void located(int line, Runnable work) {
        try {
            work.run();
        } catch (TemplateProblem e) {
            throw e.at(line);
        }
    }

    private void write(String text) {
        written += text.length();
        budget.limit(written);
        budget.make(text.length());
        out.append(text);
    }

    /** What a body writes, as a text. */
    private String text(List<Statement> body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        run(body, scope);
        String text = out.toString();
        out = outer;
        return text;
    }

    private Object through(Expression filters, String text, Scope scope) {
        Scope inner = new Scope(scope);
        inner.set(BLOCK_TEXT, text);
        return evaluator.value(filters, inner);
    }

    private Flow runIf(Statement.If s, Scope scope) {
        for (int i = 0; i < s.tests().size(); i++) {
            Expression test = s.tests().get(i);
            boolean[] holds = new boolean[1];
            located(s.line(), () -> holds[0] = Values.truthy(evaluator.value(test, scope)));
            if (holds[0]) {
                return run(s.bodies().get(i), scope);
            }
        }
        return Flow.ON;
    }

    private void runFor(Statement.For s, Scope scope) {
        List<Object> items = new ArrayList<>();
        located(s.line(), () -> {
            for (Object item : Values.items(evaluator.value(s.over(), scope))) {
                budget.spend(0);
                Scope inner = new Scope(scope);
                assign(s.targets(), item, inner);
                if (s.only().isEmpty() || Values.truthy(evaluator.value(s.only().get(), inner))) {
                    items.add(item);
                }
            }
        });
        Loop loop = new Loop(items);
        for (int i = 0; i < items.size(); i++) {
            loop.moveTo(i);
            Scope inner = new Scope(scope);
            assign(s.targets(), items.get(i), inner);
            inner.set("loop", loop);
            if (run(s.body(), inner) == Flow.BREAK) {
                break;
            }
        }
        if (items.isEmpty()) {
            run(s.otherwise(), new Scope(scope));
        }
    }

    private void assign(List<Target> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            assign(targets.get(0), value, scope);
            return;
        }
        List<Object> parts = Values.items(value);
        if (parts.size() != targets.size()) {
            throw new TemplateProblem("gives " + parts.size() + " values to " + targets.size() + " names");
        }
        for (int i = 0; i < parts.size(); i++) {
            assign(targets.get(i), parts.get(i), scope);
        }
    }

    private void assign(Target target, Object value, Scope scope) {
        if (target.attribute().isEmpty()) {
            scope.set(target.name(), value);
        } else if (scope.get(target.name()) instanceof Values.Namespace namespace) {
            namespace.attributes().put(target.attribute().get(), value);
        } else {
            throw new TemplateProblem("sets an attribute of something that is no namespace");
        }
    }

    private Callable macro(Statement.Macro macro, Scope defined) {
        return arguments -> call(macro, arguments, defined);
    }

    private String call(Statement.Macro macro, Arguments arguments, Scope defined) {
        arguments.atMost(macro.parameters().size(), "a macro");
        budget.enter();
        Scope inner = new Scope(defined);
        int required = macro.parameters().size() - macro.defaults().size();
        for (int i = 0; i < macro.parameters().size(); i++) {
            String name = macro.parameters().get(i);
            inner.set(
                    name,
                    arguments.has(i, name)
                            ? arguments.required(i, name)
                            : i < required
                                    ? new Undefined(name)
                                    : evaluator.value(macro.defaults().get(i - required), inner));
        }
        @Nullable Object caller = arguments.named().get("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        requireKnown(macro, arguments);
        String text = text(macro.body(), inner);
        budget.leave();
        return text;
    }

    private static void requireKnown(Statement.Macro macro, Arguments arguments) {
        for (String name : arguments.named().keySet()) {
            if (!macro.parameters().contains(name) && !name.equals("caller")) {
                throw new TemplateProblem("calls a macro with an argument that it does not have");
            }
        }
    }

    private void callWithBody(Statement.CallBlock s, Scope scope) {
        Object function = evaluator.value(s.call().of(), scope);
        Arguments given = evaluator.arguments(s.call().given(), scope);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.put("caller", macro(s.caller(), scope));
        write(PythonText.str(evaluator.call(function, new Arguments(given.positional(), named))));
    }
}

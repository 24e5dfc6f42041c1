package org.loopscope.analysis.table;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.CheckedRow.Misfit;
import org.loopscope.model.base.LoopscopeException;

/** Takes a record apart into cells and puts it together again, by its components. */
final class RecordCells<R extends Record> {
    private final Spread root;
    private final List<Leaf> leaves;

    private RecordCells(Spread root) {
        this.root = root;
        List<Leaf> all = new ArrayList<>();
        root.collect(all);
        this.leaves = List.copyOf(all);
    }

    static <R extends Record> RecordCells<R> of(Class<R> type, Map<String, List<String>> several) {
        return new RecordCells<>(spread(type, several));
    }

    /** One column. */
    record Leaf(String name, Column about, CellType type) {}

    /** The columns, in order. */
    List<Leaf> leaves() {
        return leaves;
    }

    List<String> write(R row) {
        List<String> cells = new ArrayList<>(leaves.size());
        root.write(row, cells);
        return cells;
    }

    /** @param share may give an equal text that is held already, by column and text */
    @SuppressWarnings("unchecked") // the root was made of the class R
    R read(CellRow row, BinaryOperator<String> share) throws LoopscopeException {
        return (R) root.read(row, share);
    }

    /** A component, or a method whose value follows from the components. */
    private interface Part {
        void collect(List<Leaf> into);

        void write(Object value, List<String> cells);

        Object read(CellRow row, BinaryOperator<String> share) throws LoopscopeException;
    }

    /** A value in one cell. */
    private record One(Leaf leaf, Optional<Method> text, Method value) implements Part {
        @Override
        public void collect(List<Leaf> into) {
            into.add(leaf);
        }

        @Override
        public void write(Object owner, List<String> cells) {
            cells.add(
                    text.isPresent()
                            ? (String) call(text.get(), owner)
                            : leaf.type().write().apply(call(value, owner)));
        }

        @Override
        public Object read(CellRow row, BinaryOperator<String> share) throws LoopscopeException {
            Object read = row.value(leaf.name(), leaf.type());
            return read instanceof String text ? share.apply(leaf.name(), text) : read;
        }
    }

    /** Values of one type in several cells. */
    private record Several(List<Leaf> leaves, boolean numbers, Method value) implements Part {
        @Override
        public void collect(List<Leaf> into) {
            into.addAll(leaves);
        }

        @Override
        public void write(Object owner, List<String> cells) {
            Object all = call(value, owner);
            for (int i = 0; i < leaves.size(); i++) {
                Object one = numbers ? Array.get(all, i) : item((List<?>) all, i);
                cells.add(leaves.get(i).type().write().apply(one));
            }
        }

        /** Of a list of flags, which may be empty, one or none. */
        private Object item(List<?> all, int i) {
            return leaves.get(i).type().kind() == CellType.Kind.FLAG
                    ? all.stream().skip(i).findFirst()
                    : all.get(i);
        }

        @Override
        public Object read(CellRow row, BinaryOperator<String> share) throws LoopscopeException {
            double[] found = new double[numbers ? leaves.size() : 0];
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < leaves.size(); i++) {
                Object one = row.value(leaves.get(i).name(), leaves.get(i).type());
                if (numbers) {
                    found[i] = (double) one;
                } else if (one instanceof Optional<?> flag) {
                    flag.ifPresent(items::add);
                } else {
                    items.add(share.apply(leaves.get(i).name(), (String) one));
                }
            }
            return numbers ? found : List.copyOf(items);
        }
    }

    /** A record in the cells of its components. */
    private record Spread(Constructor<?> constructor, List<Part> parts, List<Integer> places, Optional<Method> value)
            implements Part { // places: of each part among the constructor's arguments, -1 for a method
        @Override
        public void collect(List<Leaf> into) {
            parts.forEach(part -> part.collect(into));
        }

        @Override
        public void write(Object owner, List<String> cells) {
            Object own = value.isPresent() ? call(value.get(), owner) : owner;
            parts.forEach(part -> part.write(own, cells));
        }

        @Override
        public Object read(CellRow row, BinaryOperator<String> share) throws LoopscopeException {
            Object[] values = new Object[constructor.getParameterCount()];
            for (int i = 0; i < parts.size(); i++) {
                Object one = parts.get(i).read(row, share); // also what is not kept: it must be a legal cell
                if (places.get(i) >= 0) {
                    values[places.get(i)] = one;
                }
            }
            Object made = make(row, values);
            if (made instanceof CheckedRow checked) {
                @Nullable Misfit misfit = checked.misfit().orElse(null);
                if (misfit != null) {
                    throw row.problem(misfit.column(), misfit.expected());
                }
            }
            return made;
        }

        private Object make(CellRow row, Object[] values) throws LoopscopeException {
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IllegalArgumentException problem) {
                    throw row.problem("expected cells that go together, found others (" + problem.getMessage() + ")");
                }
                throw new IllegalStateException("row of " + constructor.getDeclaringClass(), e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("row of " + constructor.getDeclaringClass(), e);
            }
        }
    }

    private static Spread spread(Class<?> type, Map<String, List<String>> several) {
        return spread(type, several, Optional.empty());
    }

    private static Spread spread(Class<?> type, Map<String, List<String>> several, Optional<Method> value) {
        List<Part> read = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        for (RecordComponent component : components) {
            component.getAccessor().setAccessible(true);
            read.add(part(type, component, several));
        }
        List<Part> parts = new ArrayList<>(read);
        for (Method method : type.getDeclaredMethods()) {
            Column about = method.getAnnotation(Column.class);
            if (about != null
                    && Arrays.stream(components).noneMatch(c -> c.getAccessor().equals(method))) {
                method.setAccessible(true);
                Leaf leaf =
                        leaf(method.getName(), about, method.getReturnType(), element(method.getGenericReturnType()));
                parts.add(1 + placeOf(about.after(), parts), new One(leaf, text(type, about), method));
            }
        }
        List<Integer> places = parts.stream().map(read::indexOf).toList();
        return new Spread(constructor(type, components), List.copyOf(parts), places, value);
    }

    private static Part part(Class<?> owner, RecordComponent component, Map<String, List<String>> several) {
        Class<?> type = component.getType();
        if (type.isRecord()) {
            return spread(type, several, Optional.of(component.getAccessor()));
        }
        Column about = component.getAnnotation(Column.class);
        Column all = about == null ? DEFAULT : about;
        @Nullable Class<?> element = element(component.getGenericType());
        List<String> names = several.get(component.getName());
        if (names != null) {
            List<Leaf> leaves =
                    names.stream().map(name -> leaf(name, all, type, element)).toList();
            return new Several(leaves, type.isArray(), component.getAccessor());
        }
        return new One(leaf(component.getName(), all, type, element), text(owner, all), component.getAccessor());
    }

    private static Leaf leaf(String name, Column about, Class<?> type, @Nullable Class<?> element) {
        String column =
                about.name().isEmpty() ? name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT) : about.name();
        return new Leaf(column, about, CellType.of(type, element, about));
    }

    private static Optional<Method> text(Class<?> owner, Column about) {
        if (about.text().isEmpty()) {
            return Optional.empty();
        }
        try {
            Method method = owner.getDeclaredMethod(about.text());
            method.setAccessible(true);
            return Optional.of(method);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("text: want a method of " + owner + ", got " + about.text(), e);
        }
    }

    private static int placeOf(String column, List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof One one && one.leaf().name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("after: want a column of the record, got " + column);
    }

    /** What a list or an optional value holds. */
    private static @Nullable Class<?> element(java.lang.reflect.Type type) {
        return type instanceof ParameterizedType p && p.getActualTypeArguments()[0] instanceof Class<?> c ? c : null;
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has it: " + type, e);
        }
    }

    private static Object call(Method method, Object owner) {
        try {
            return method.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("value of " + method, e);
        }
    }

    /** Of a component that says nothing about itself. */
    private static final Column DEFAULT = defaults();

    private static Column defaults() {
        record Plain(@Column String text) {}
        return Plain.class.getRecordComponents()[0].getAnnotation(Column.class);
    }
}

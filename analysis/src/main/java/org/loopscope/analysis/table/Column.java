package org.loopscope.analysis.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What stands in the column of a record component, or of a method of the record that takes nothing and whose value follows
 * from the others: that one is written and checked, and not read.
 *
 * <p>Types: {@code int}, {@code long}, {@code OptionalInt}, {@code double} (an empty cell is NaN, not defined), {@code
 * boolean}, {@code Optional<Boolean>}, enums, {@code String}. A component that is a record has columns of its own components.
 * One of {@code double[]}, {@code List<String>} or {@code List<Boolean>} (without items where the cells are empty) stands for several columns, see {@link Columns#of(Class, java.util.Map)}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Column {
    /** Its name in files; that of the component with underscores if empty. */
    String name() default "";

    /** What a number counts or measures, {@code nats}. */
    String unit() default "";

    /** What the value says, with direction and denominator. */
    String meaning() default "";

    /** The least number allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** Whether the cell may be empty: an {@code int} is −1 then. Numbers with a decimal point, texts and optional values always may. */
    boolean optional() default false;

    /** Whether files of older versions may lack the column. */
    boolean newer() default false;

    /** Whether all rows of a file have the same value. */
    boolean same() default false;

    /** Whether it is one of those that tell the rows of a file apart: no two rows have the same in all of them. */
    boolean key() default false;

    /** Whether a flag is written as {@code true} and {@code false}; else as 1 and 0. Both are read. */
    boolean words() default false;

    /** A method of the record that gives the cell, where the value alone does not. */
    String text() default "";

    /** For a method: the name of the column that stands before it. */
    String after() default "";
}

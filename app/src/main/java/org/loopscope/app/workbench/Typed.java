package org.loopscope.app.workbench;

/** Numbers as people type them into a field; what cannot be used is told with the field it is in. */
final class Typed {
    private Typed() {}

    static int integer(RunForm.Field field, String name, String text, int low, int high) throws FieldException {
        long value;
        try {
            value = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            value = (long) low - 1; // told below, like every other value outside the range
        }
        if (value < low || value > high) {
            throw new FieldException(
                    field,
                    name + ": expected a whole number from " + low + " to " + high + ", found \"" + text + "\".");
        }
        return (int) value;
    }

    /** Any whole number that a seed can be. */
    static long seed(RunForm.Field field, String text) throws FieldException {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new FieldException(field, "Seed: expected a whole number, found \"" + text + "\".");
        }
    }

    /** The number typed, or NaN, which every range check refuses. */
    static double decimal(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}

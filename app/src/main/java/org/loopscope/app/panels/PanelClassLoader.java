package org.loopscope.app.panels;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The classes of the jars of others, together in one loader, with their calls that end the program led to {@link PanelExit}. */
final class PanelClassLoader extends URLClassLoader {
    private static final String PANEL_EXIT = PanelExit.class.getName().replace('.', '/');
    private static final String NAME = "panels";
    private static final Map<String, String> JARS = new ConcurrentHashMap<>(); // names, by class
    private static final String RUNTIME = "java/lang/Runtime";
    private static final String ON_RUNTIME = "(L" + RUNTIME + ";I)V";

    PanelClassLoader(URL[] jars, ClassLoader parent) {
        super(NAME, jars, parent);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code;
        try (InputStream in = classFile(name)) {
            code = withoutExit(in.readAllBytes());
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        return defineClass(name, code, 0, code.length);
    }

    private InputStream classFile(String name) throws IOException, ClassNotFoundException {
        URL found = findResource(name.replace('.', '/') + ".class");
        if (found == null) {
            throw new ClassNotFoundException(name);
        }
        JARS.put(name, jarName(found));
        return found.openStream();
    }

    private static String jarName(URL classFile) {
        String jar = classFile.toString().replaceFirst("!/.*", "");
        return URLDecoder.decode(jar.substring(jar.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The name of the jar whose code threw, as far as the trace tells. */
    static Optional<String> jarThatThrew(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .flatMap(cause -> Stream.of(cause.getStackTrace()))
                .filter(frame -> NAME.equals(frame.getClassLoaderName()))
                .map(frame -> JARS.get(frame.getClassName()))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static byte[] withoutExit(byte[] code) {
        try {
            ClassReader reader = new ClassReader(code);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new ExitCalls(writer), 0);
            return writer.toByteArray();
        } catch (RuntimeException e) { // damaged, or of a Java that the library does not know: the JVM says which
            return code;
        }
    }

    private static boolean endsTheProgram(String owner, String called) {
        return switch (owner) {
            case "java/lang/System", "javafx/application/Platform" -> called.equals("exit");
            case RUNTIME -> called.equals("exit") || called.equals("halt");
            default -> false;
        };
    }

    private static final class ExitCalls extends ClassVisitor {
        ExitCalls(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        /** A method that is handed on, as in {@code System::exit}. */
        private static Object withoutExit(Object argument) {
            if (argument instanceof Handle handle && endsTheProgram(handle.getOwner(), handle.getName())) {
                String type = handle.getOwner().equals(RUNTIME) ? ON_RUNTIME : handle.getDesc();
                return new Handle(Opcodes.H_INVOKESTATIC, PANEL_EXIT, "exit", type, false);
            }
            return argument;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(int code, String owner, String called, String type, boolean onInterface) {
                    if (endsTheProgram(owner, called)) {
                        String instead = owner.equals(RUNTIME) ? ON_RUNTIME : type;
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, PANEL_EXIT, "exit", instead, false);
                    } else {
                        super.visitMethodInsn(code, owner, called, type, onInterface);
                    }
                }

                @Override
                public void visitInvokeDynamicInsn(String called, String type, Handle factory, Object... arguments) {
                    super.visitInvokeDynamicInsn(
                            called,
                            type,
                            factory,
                            Stream.of(arguments).map(ExitCalls::withoutExit).toArray());
                }
            };
        }
    }
}

package org.loopscope.app.panels;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The classes of the jars of others, together in one loader, with their calls that end the program led to {@link PanelExit}. */
final class PanelClassLoader extends URLClassLoader {
    private static final String PANEL_EXIT = PanelExit.class.getName().replace('.', '/');
    private static final String RUNTIME = "java/lang/Runtime";

    PanelClassLoader(URL[] jars, ClassLoader parent) {
        super("panels", jars, parent);
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
        return found.openStream();
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

    private static final class ExitCalls extends ClassVisitor {
        ExitCalls(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(int code, String owner, String called, String type, boolean onInterface) {
                    if (owner.equals("java/lang/System") && called.equals("exit")) {
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, PANEL_EXIT, "exit", type, false);
                    } else if (owner.equals(RUNTIME) && (called.equals("exit") || called.equals("halt"))) {
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, PANEL_EXIT, "exit", "(L" + RUNTIME + ";I)V", false);
                    } else {
                        super.visitMethodInsn(code, owner, called, type, onInterface);
                    }
                }
            };
        }
    }
}

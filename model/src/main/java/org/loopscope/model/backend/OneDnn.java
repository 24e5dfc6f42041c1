package org.loopscope.model.backend;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products of matrices in bfloat16 with sums and results in float32, by the library oneDNN, which takes the matrix units
 * (AMX) of processors that have them. Weights lie in the library's own order, so that nothing is packed again in
 * every product.
 *
 * <p>A call takes the thread that makes it and no other; {@link Team} shares out the calls.
 */
public final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    private static final int LAYOUT_ROWS = 64; // rows of x that the order of weights is chosen for
    private static final int PLANS = 256; // kept; one for each shape of products

    private static final Optional<OneDnn> INSTANCE = load();

    private final engine processor = new engine(engine.kind.cpu, 0);
    private final stream calls = new stream(processor);
    private final Map<Shape, Plan> plans = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Plan> eldest) {
            return size() > PLANS; // its memory is freed once no thread uses it
        }
    };
    private final Map<List<Integer>, memory.desc> orders = new HashMap<>(); // by [out, in]
    private final ThreadLocal<Bindings> bindings = ThreadLocal.withInitial(Bindings::new);

    private OneDnn() {}

    /** x [rows, in] times weights [out, in], into a matrix whose rows are {@code outStride} numbers apart. */
    private record Shape(int rows, int in, int out, int outStride) {}

    private record Plan(
            Shape shape, matmul product, memory.desc x, memory.desc weights, memory.desc out, memory.desc own) {}

    /** What one thread hands to the library; made once for each plan. */
    private static final class Bindings {
        private final Map<Plan, Arguments> arguments = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Plan, Arguments> eldest) {
                return size() > PLANS;
            }
        };
    }

    private record Arguments(memory x, memory weights, memory out, memory own, IntMemoryMap all) {}

    /**
     * The library, where it is there and the processor has instructions for such products: x86_64 ones with AVX-512
     * bfloat16.
     */
    public static Optional<OneDnn> instance() {
        return INSTANCE;
    }

    private static Optional<OneDnn> load() {
        if (!Loader.getPlatform().endsWith("-x86_64")) {
            return Optional.empty(); // it exists for others, but was not measured there
        }
        ProcessSettings.apply();
        try {
            if ((dnnl.dnnl_get_effective_cpu_isa() & BFLOAT16) != BFLOAT16) {
                return Optional.empty();
            }
            return Optional.of(new OneDnn());
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("oneDNN cannot be loaded", e);
            return Optional.empty();
        }
    }

    private static final int BFLOAT16 = dnnl.dnnl_cpu_isa_avx512_core_bf16;

    /** How weights [out, in] are ordered. */
    private memory.desc order(int out, int in) {
        synchronized (orders) {
            return orders.computeIfAbsent(List.of(out, in), key -> newOrder(out, in));
        }
    }

    private memory.desc newOrder(int out, int in) {
        try (memory.desc x = rowMajor(memory.data_type.bf16, LAYOUT_ROWS, in, in);
                memory.desc any = new memory.desc(new long[] {in, out}, memory.data_type.bf16, memory.format_tag.any);
                memory.desc result = rowMajor(memory.data_type.f32, LAYOUT_ROWS, out, out);
                matmul.primitive_desc description = new matmul.primitive_desc(processor, x, any, result)) {
            return description.weights_desc();
        }
    }

    /** Bytes of weights [out, in]. */
    long bytes(int out, int in) {
        return order(out, in).get_size();
    }

    /** Brings weights [out, in] in bfloat16, row after row, into the library's order at {@code target}. */
    void put(ShortPointer rows, int out, int in, Pointer target) {
        NativeThreads.operationsOnOne(() -> {
            try (memory.desc plain =
                            new memory.desc(new long[] {in, out}, memory.data_type.bf16, memory.format_tag.ba);
                    memory source = new memory(plain, processor, rows);
                    memory ordered = new memory(order(out, in), processor, target);
                    reorder put = new reorder(source, ordered)) {
                put.execute(calls, source, ordered);
            }
        });
    }

    private static memory.desc rowMajor(memory.data_type type, int rows, int columns, int stride) {
        return new memory.desc(new long[] {rows, columns}, type, new long[] {stride, 1});
    }

    /**
     * {@code out = x · wᵀ} for weights [out, in] in the library's order; x [rows, in] in bfloat16, rows of the result {@code
     * stride} numbers apart.
     */
    void multiply(ShortPointer x, int rows, Pointer weights, int out, int in, FloatPointer result, int stride) {
        NativeThreads.operationsOnOne(() -> {
            Plan plan = plan(new Shape(rows, in, out, stride));
            Arguments arguments = bindings.get().arguments.computeIfAbsent(plan, this::arguments);
            arguments.x.set_data_handle(x);
            arguments.out.set_data_handle(result);
            arguments.weights.set_data_handle(weights);
            plan.product.execute(calls, arguments.all);
        });
    }

    private Plan plan(Shape shape) {
        synchronized (plans) {
            return plans.computeIfAbsent(shape, this::make);
        }
    }

    private Plan make(Shape shape) {
        memory.desc order = order(shape.out, shape.in);
        memory.desc x = rowMajor(memory.data_type.bf16, shape.rows, shape.in, shape.in);
        memory.desc out = rowMajor(memory.data_type.f32, shape.rows, shape.out, shape.outStride);
        try (primitive_attr attributes = new primitive_attr()) {
            attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user); // the library's own may belong to another thread
            try (matmul.primitive_desc description =
                    new matmul.primitive_desc(processor, x, order, out, attributes, false)) {
                return new Plan(shape, new matmul(description), x, order, out, description.scratchpad_desc());
            }
        }
    }

    private Arguments arguments(Plan plan) {
        @Nullable Pointer later = null;
        memory x = new memory(plan.x, processor, later);
        memory weights = new memory(plan.weights, processor, later);
        memory out = new memory(plan.out, processor, later);
        memory own = new memory(plan.own, processor);
        IntMemoryMap all = new IntMemoryMap();
        all.put(dnnl.DNNL_ARG_SRC, x);
        all.put(dnnl.DNNL_ARG_WEIGHTS, weights);
        all.put(dnnl.DNNL_ARG_DST, out);
        all.put(dnnl.DNNL_ARG_SCRATCHPAD, own);
        return new Arguments(x, weights, out, own, all);
    }
}

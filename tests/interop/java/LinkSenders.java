// SPDX-License-Identifier: MIT
// Links of OpenTelemetry's SDK for Java, made of headers by its own propagator and exported by its own
// exporter, for spanlink to read. One of their attributes is an empty string.
//
//     java -cp 'target/dependency/*' LinkSenders.java <headers.tsv

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;

public class LinkSenders {
    static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        public String get(Map<String, String> headers, String key) {
            return headers.get(key);
        }
    };

    static SpanContext sender(String traceparent, String tracestate) {
        Map<String, String> headers = Map.of("traceparent", traceparent, "tracestate", tracestate);
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        return Span.fromContext(context).getSpanContext();
    }

    public static void main(String[] arguments) throws Exception {
        String endpoint = System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + "/v1/traces";
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build();
        SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
        SpanBuilder span = provider.get("spanlink").spanBuilder("process_batch");
        List<String> lines = new BufferedReader(new InputStreamReader(System.in)).lines().toList();
        for (int index = 0; index < lines.size(); index++) {
            String[] headers = lines.get(index).split("\t", 2);
            SpanContext sender = sender(headers[0], headers[1]);
            if (sender.isValid()) {
                span.addLink(sender, Attributes.builder().put("link.type", "batch_item")
                    .put("batch.index", index).put("empty", "").build());
            } else {
                System.err.println("message " + index + ": no context");
            }
        }
        span.startSpan().end();
        provider.shutdown().join(10, java.util.concurrent.TimeUnit.SECONDS);
    }
}

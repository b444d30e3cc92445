package io.tidemark.pipeline;

import io.tidemark.store.ContentHash;
import io.tidemark.store.OutputFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * How a job gives its small results back to the program that started it, whatever the runner: a
 * file an element in a hidden folder that both reach, named by content so that a retried bundle
 * writes the same ones again. Closing removes the folder's files.
 */
public final class ResultFiles implements Closeable {
  private final String folder;

  private ResultFiles(String folder) {
    this.folder = folder;
  }

  /** In a hidden folder beside a file that is to be written. */
  static ResultFiles beside(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    return in(slash < 0 ? "." : path.substring(0, slash), path.substring(slash + 1));
  }

  public static ResultFiles in(String parent, String name) throws IOException {
    ResultFiles handOver =
        new ResultFiles(
            OutputFiles.path(parent, OutputFiles.HAND_OVER + OutputFiles.segment(name)));
    handOver.clear(); // what a run that died has left
    return handOver;
  }

  <T> PTransform<PCollection<T>, PDone> receive(String name, Coder<T> coder) {
    String prefix = OutputFiles.path(folder, name);
    return new PTransform<>() {
      private static final long serialVersionUID = 1;

      @Override
      public PDone expand(PCollection<T> elements) {
        elements.apply("WriteEach", ParDo.of(new WriteFn<>(prefix, coder)));
        return PDone.in(elements.getPipeline());
      }
    };
  }

  /** The same of models' elements, all in one file: a fleet's would be thousands. */
  <T> PTransform<PCollection<KV<String, T>>, PDone> receiveByModel(String name, Coder<T> coder) {
    Coder<List<KV<String, T>>> all = listed(coder);
    PTransform<PCollection<List<KV<String, T>>>, PDone> inOne = receive(name, all);
    return new PTransform<>() {
      private static final long serialVersionUID = 1;

      @Override
      public PDone expand(PCollection<KV<String, T>> elements) {
        elements
            .apply("InOne", WithKeys.of(""))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), elementCoder(coder)))
            .apply("Together", GroupByKey.create())
            .apply("AsList", ParDo.of(new ListFn<T>()))
            .setCoder(all)
            .apply("WriteAll", inOne);
        return PDone.in(elements.getPipeline());
      }
    };
  }

  private static <T> KvCoder<String, T> elementCoder(Coder<T> coder) {
    return KvCoder.of(StringUtf8Coder.of(), coder);
  }

  private static <T> Coder<List<KV<String, T>>> listed(Coder<T> coder) {
    return ListCoder.of(elementCoder(coder));
  }

  private static final class ListFn<T>
      extends DoFn<KV<String, Iterable<KV<String, T>>>, List<KV<String, T>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<String, T>>> all, OutputReceiver<List<KV<String, T>>> out) {
      List<KV<String, T>> list = new ArrayList<>();
      all.getValue().forEach(list::add);
      out.output(list);
    }
  }

  /** What was received of models under a name. */
  <T> Map<String, List<T>> takeByModel(String name, Coder<T> coder) throws IOException {
    Map<String, List<T>> byModel = new TreeMap<>();
    for (List<KV<String, T>> all : take(name, listed(coder))) {
      for (KV<String, T> each : all) {
        byModel.computeIfAbsent(each.getKey(), model -> new ArrayList<>()).add(each.getValue());
      }
    }
    return byModel;
  }

  /** What was received under a name, in the order of its content. */
  <T> List<T> take(String name, Coder<T> coder) throws IOException {
    List<T> elements = new ArrayList<>();
    for (String path : OutputFiles.list(OutputFiles.path(folder, name + ".*"))) {
      byte[] bytes = OutputFiles.read(path).orElseThrow();
      elements.add(coder.decode(new ByteArrayInputStream(bytes)));
    }
    return elements;
  }

  private void clear() throws IOException {
    OutputFiles.delete(OutputFiles.list(OutputFiles.path(folder, "*")));
  }

  @Override
  public void close() throws IOException {
    clear();
    OutputFiles.deleteFolder(folder);
  }

  private static final class WriteFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;

    private final String prefix;
    private final Coder<T> coder;

    WriteFn(String prefix, Coder<T> coder) {
      this.prefix = prefix;
      this.coder = coder;
    }

    @ProcessElement
    public void process(@Element T element) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      coder.encode(element, out);
      byte[] bytes = out.toByteArray();
      OutputFiles.write(prefix + "." + ContentHash.of(bytes), bytes);
    }
  }
}

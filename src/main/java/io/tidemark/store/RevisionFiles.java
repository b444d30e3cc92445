package io.tidemark.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of a window that a stream writes again as it knows more: one a model version, the revision
 * in its name. A job that goes on from a checkpoint may write an older revision once more; it then
 * leaves the newer one alone. A batch run over the window replaces them all.
 */
public final class RevisionFiles {
  private static final Pattern REST =
      Pattern.compile("v([0-9a-f]{16})-r(\\d{15})-[0-9a-f]{16}\\.[a-z]+");

  private RevisionFiles() {}

  /**
   * @param prefix of the files' names: stages that write one folder have one each
   * @param version of the model
   * @param revision rows behind the content
   */
  public static void write(
      String folder, String prefix, String version, long revision, byte[] content, String extension)
      throws IOException {
    String own = ContentHash.of(version.getBytes(StandardCharsets.UTF_8));
    String name =
        String.format(
            Locale.ROOT,
            "%s-v%s-r%015d-%s.%s",
            prefix,
            own,
            revision,
            ContentHash.named(content),
            extension);
    List<String> replaced = new ArrayList<>();
    for (String present : OutputFiles.list(OutputFiles.path(folder, prefix + "-*"))) {
      String file = present.substring(present.lastIndexOf('/') + 1);
      Matcher matcher = REST.matcher(file.substring(prefix.length() + 1));
      boolean revised = matcher.matches();
      if (revised && matcher.group(1).equals(own) && Long.parseLong(matcher.group(2)) > revision) {
        return;
      }
      if (!file.equals(name) && (!revised || matcher.group(1).equals(own))) {
        replaced.add(present);
      }
    }
    OutputFiles.write(OutputFiles.path(folder, name), content);
    if (!replaced.isEmpty()) {
      OutputFiles.delete(replaced);
    }
  }
}

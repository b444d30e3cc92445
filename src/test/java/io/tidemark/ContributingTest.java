package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages for developers name is there: files that move take the pages with them. */
class ContributingTest {
  private static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");
  private static final Path ARCHITECTURE = Path.of("src/docs/architecture.md");
  private static final Path DECISIONS = Path.of("src/docs/decisions");
  private static final Path MAIN = Path.of("src/main/java");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");

  /** A path of the repository; what follows behind a space are a command's arguments. */
  private static final Pattern PATH =
      Pattern.compile("(?:src|scripts|schemas|pipelines|\\.github)/\\S*");

  /** A class of ours has a capital, and a small letter somewhere: constants have none. */
  private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*[a-z]\\w*");

  /** In diagrams nothing is quoted, and a word alone may be a sentence's first. */
  private static final Pattern HUMPED = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)\\)");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(CONTRIBUTING, ARCHITECTURE));
    try (Stream<Path> decisions = Files.list(DECISIONS)) {
      decisions.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** What stands between backticks, but for fenced blocks. */
  private static List<String> quoted(Path page) throws IOException {
    String prose = FENCED.matcher(Files.readString(page)).replaceAll("");
    return QUOTED.matcher(prose).results().map(found -> found.group(1)).toList();
  }

  @Test
  void pathsExist() throws Exception {
    List<String> missing = new ArrayList<>();
    Set<Path> checked = new HashSet<>();
    for (Path page : pages()) {
      for (String text : quoted(page)) {
        String path = text.split(" ")[0];
        if (PATH.matcher(path).matches()) {
          checked.add(page);
          if (!Files.exists(Path.of(path))) {
            missing.add(page + ": " + path);
          }
        }
      }
    }
    assertThat(checked).contains(CONTRIBUTING, ARCHITECTURE);
    assertThat(missing).isEmpty();
  }

  @Test
  void classesExist() throws Exception {
    Set<String> ours = classes();
    List<String> missing = new ArrayList<>();
    Set<Path> checked = new HashSet<>();
    for (Path page : pages()) {
      if (page.equals(CONTRIBUTING)) {
        continue; // it names classes by their paths
      }
      for (String text : quoted(page)) {
        if (CLASS.matcher(text).matches()) {
          checked.add(page);
          if (!ours.contains(text)) {
            missing.add(page + ": " + text);
          }
        }
      }
    }
    assertThat(checked).contains(ARCHITECTURE).hasSizeGreaterThan(2);
    assertThat(missing).isEmpty();
  }

  @Test
  void diagramsNameClasses() throws Exception {
    List<String> named =
        FENCED
            .matcher(Files.readString(ARCHITECTURE))
            .results()
            .map(MatchResult::group)
            .flatMap(block -> HUMPED.matcher(block).results().map(MatchResult::group))
            .toList();
    assertThat(named).isNotEmpty();
    assertThat(classes()).containsAll(named);
  }

  @Test
  void linksLeadSomewhere() throws Exception {
    List<String> broken = new ArrayList<>();
    Set<Path> checked = new HashSet<>();
    List<Path> linking = new ArrayList<>(pages());
    linking.add(Path.of("README.md"));
    for (Path page : linking) {
      for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
        checked.add(page);
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(page + ": " + link.group(1));
        }
      }
    }
    assertThat(checked).contains(CONTRIBUTING, ARCHITECTURE);
    assertThat(broken).isEmpty();
  }

  /** Every decision is in the list of decisions. */
  @Test
  void decisionsAreListed() throws Exception {
    List<String> numbered =
        pages().stream()
            .filter(page -> page.startsWith(DECISIONS))
            .map(page -> page.getFileName().toString())
            .filter(name -> !name.equals("README.md"))
            .toList();
    assertThat(numbered).isNotEmpty().allMatch(name -> name.matches("\\d{4}-[a-z0-9-]+\\.md"));
    assertThat(Files.readString(DECISIONS.resolve("README.md"))).contains(numbered);
  }

  /** Names of the files' classes. */
  private static Set<String> classes() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
    }
    assertThat(names).isNotEmpty();
    return names;
  }
}

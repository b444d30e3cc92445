package io.tidemark.ingest.row;

import io.tidemark.ingest.row.EventColumns.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The declared paths as a tree, so that a parse looks up one name at a time. A path with dots
 * stands both for the column of that whole name and for the way down nested records.
 */
public final class PathTree {
  private final Map<String, PathTree> children = new HashMap<>();
  private final List<Use> uses = new ArrayList<>(1);

  public static PathTree of(List<Use> columns) {
    PathTree root = new PathTree();
    for (Use use : columns) {
      root.child(use.path(), true).uses.add(use);
      String[] names = use.path().split("\\.", -1);
      if (names.length > 1) {
        PathTree node = root;
        for (String name : names) {
          node = node.child(name, true);
        }
        node.uses.add(use);
      }
    }
    return root;
  }

  private PathTree child(String name, boolean add) {
    // Parsers intern names too: the same name is then the same object.
    return add
        ? children.computeIfAbsent(name.intern(), key -> new PathTree())
        : children.get(name);
  }

  /** What stands below a name, or null. */
  public PathTree child(String name) {
    return children.get(name);
  }

  public boolean hasChildren() {
    return !children.isEmpty();
  }

  public List<Use> uses() {
    return uses;
  }
}

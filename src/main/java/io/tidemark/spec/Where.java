package io.tidemark.spec;

import java.io.Serializable;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which rows of a log that several models write to are one model's: those that have one of some
 * values in each of these columns.
 *
 * @param columns the values by column, as categories are spelled
 */
public record Where(TreeMap<String, TreeSet<String>> columns) implements Serializable {
  private static final long serialVersionUID = 1;
}

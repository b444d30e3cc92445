package io.tidemark.flow;

import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Something that a run knows of each of its models, by their names. A model is data: a step is
 * there once, whatever the number of models, and looks up here what it needs of a row's or window's
 * model. A stage that some models do not ask for knows nothing of these.
 *
 * @param <T> what is known; serializable where a step is to have it
 */
public final class Fleet<T> implements Serializable {
  private static final long serialVersionUID = 1;

  private final TreeMap<String, T> models;

  private Fleet(TreeMap<String, T> models) {
    this.models = models;
  }

  public static <T> Fleet<T> of(Map<String, T> models) {
    return new Fleet<>(new TreeMap<>(models));
  }

  public static <T> Fleet<T> one(String model, T known) {
    return of(Map.of(model, known));
  }

  /**
   * What is known of a model.
   *
   * @throws IllegalArgumentException if it is not one of these
   */
  public T of(String model) {
    T known = models.get(model);
    if (known == null) {
      throw new IllegalArgumentException("no model " + model + " among " + models.keySet());
    }
    return known;
  }

  /** The same of one that may have left, or does not ask for this. */
  public Optional<T> find(String model) {
    return Optional.ofNullable(models.get(model));
  }

  public boolean has(String model) {
    return models.containsKey(model);
  }

  /** Their names, in order. */
  public Set<String> models() {
    return Collections.unmodifiableSet(models.keySet());
  }

  /** What is known, in the order of names. */
  public Collection<T> all() {
    return Collections.unmodifiableCollection(models.values());
  }

  public boolean isEmpty() {
    return models.isEmpty();
  }

  /** Whether something holds of any of them. */
  public boolean any(Predicate<T> holds) {
    return models.values().stream().anyMatch(holds);
  }

  /** Something else of each. */
  public <U> Fleet<U> map(Function<T, U> made) {
    return mapped(known -> Optional.of(made.apply(known)));
  }

  /** Something else of those that have it. */
  public <U> Fleet<U> mapped(Function<T, Optional<U>> made) {
    TreeMap<String, U> other = new TreeMap<>();
    models.forEach((model, known) -> made.apply(known).ifPresent(each -> other.put(model, each)));
    return new Fleet<>(other);
  }

  /** Something else of each, by its name too. */
  public <U> Fleet<U> mapKeyed(BiFunction<String, T, U> made) {
    TreeMap<String, U> other = new TreeMap<>();
    models.forEach((model, known) -> other.put(model, made.apply(model, known)));
    return new Fleet<>(other);
  }

  /** Those of some models. */
  public Fleet<T> keep(BiPredicate<String, T> kept) {
    TreeMap<String, T> some = new TreeMap<>(models);
    some.entrySet().removeIf(each -> !kept.test(each.getKey(), each.getValue()));
    return new Fleet<>(some);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fleet<?> that && models.equals(that.models);
  }

  @Override
  public int hashCode() {
    return models.hashCode();
  }

  @Override
  public String toString() {
    return models.toString();
  }
}

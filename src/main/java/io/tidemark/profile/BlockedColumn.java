package io.tidemark.profile;

import io.tidemark.stats.personal.PersonalKind;
import java.io.Serializable;
import java.util.Map;

/**
 * A column that shows nothing in a file, because values of it look like personal data.
 *
 * @param name as the file has it
 * @param kinds rows with each kind, in the order of the kinds
 * @param rows with any
 */
public record BlockedColumn(String name, Map<PersonalKind, Long> kinds, long rows)
    implements Serializable {}

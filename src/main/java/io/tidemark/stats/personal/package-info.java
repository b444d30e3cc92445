/**
 * What personal data looks like in free text: e-mail addresses, phone numbers and card numbers.
 *
 * <p>By their form alone: names, addresses and what is spelled otherwise are not found, and what
 * has the form and is none is. All reading is linear in the length of the text.
 */
package io.tidemark.stats.personal;

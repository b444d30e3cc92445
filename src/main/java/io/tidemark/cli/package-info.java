/** Commands, their options, and what a user is told. */
package io.tidemark.cli;

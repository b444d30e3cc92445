/** What stages hand to one another: windows, their revisions, and the steps that regroup them. */
package io.tidemark.flow;

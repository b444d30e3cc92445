/** When a model is to be trained again, and on which snapshot. */
package io.tidemark.retrain;

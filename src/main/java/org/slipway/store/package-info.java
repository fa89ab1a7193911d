/**
 * Memory: records of every stage go into a database, finished packages and logs into folders, and
 * come out again as values for plans, pages and restarts. Reads the rooms whose records it keeps:
 * tree, packages, evaluate, plan, build and repository; of Quartz only the script that makes its
 * tables.
 */
@NullMarked
package org.slipway.store;

import org.jspecify.annotations.NullMarked;

package org.slipway.repository;

import java.nio.file.Path;
import org.slipway.packages.BuiltPackage;

/**
 * One package of a repository to be.
 *
 * @param file its archive in the package store
 */
public record RepositoryEntry(BuiltPackage built, Path file) {}

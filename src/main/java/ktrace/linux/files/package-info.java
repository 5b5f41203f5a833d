/**
 * Directories, files and their status where java.nio.file does not do: made relative to a directory that is held open and never
 * through a link, since root may record where others can write; or read as the bytes that /proc is made of.
 */
package ktrace.linux.files;

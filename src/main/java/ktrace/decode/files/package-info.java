/**
 * How calls on files are shown: paths and how they are opened, status, directories, fcntl(2), ioctl(2).
 *
 * <p>What others need of it is {@link ktrace.decode.files.FileKinds#ALL}; a kind is added as a case in the class that shows
 * what is alike.
 */
package ktrace.decode.files;

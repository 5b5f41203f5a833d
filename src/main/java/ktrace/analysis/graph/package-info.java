/** Who waited for whom, process by process: the documents that the JSON, reports and pages are drawn from. */
package ktrace.analysis.graph;

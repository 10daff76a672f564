/**
 * What is known of an upstream: every commit, or, where it came as tarballs, its releases alone: then
 * no commit tells who brought a line or took it away.
 */
export type UpstreamDetail = 'commits' | 'releases'

import { expect, it } from 'vitest'
import { queueName } from '../../src/model/queue-name.ts'

it.each([
  ['/src/xen.pg/series', 'xen.pg'],
  ['/src/xen.pg/master/series.conf', 'xen.pg'],
  ['/src/xen/debian/patches/series', 'xen'],
  ['/src/rpms/xen/SPECS/xen.spec', 'xen'],
  ['/src/xen#RELEASE-4.13.0..queue', 'xen'],
  ['/src/xen_4.17.5+72-g01140da4e8-1.dsc', 'xen'],
  ['/patches/series', 'series'],
])('a queue at %s is called %s', (place, name) => {
  expect(queueName(place)).toBe(name)
})

it.each([
  ['/src/xen.pg.git', '/src/xen.pg.git', 'xen.pg'],
  ['/src/xen.pg/repo', '/src/xen.pg/repo/master/series', 'repo'],
  ['/src/patches', '/src/patches/series', 'patches'],
  ['/src/buildroot', '/src/buildroot/package/xen', 'xen'],
  ['/src/xen', '/src/xen.pg/series', 'xen.pg'],
])('what is above the repository %s says nothing of the queue at %s', (repository, place, name) => {
  expect(queueName(place, repository)).toBe(name)
})

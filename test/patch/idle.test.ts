import { describe, expect, it } from 'vitest'
import type { Hunk } from '../../src/model/patch.ts'
import { idleIn, onlyIncludes, saysItIsGenerated } from '../../src/patch/account/idle.ts'

function adding(...texts: string[]): Hunk {
  const lines = texts.map((text) => ({ kind: 'add' as const, text: `${text}\n` }))
  return { oldStart: 1, oldCount: 0, newStart: 1, newCount: texts.length, context: '', line: 1, lines }
}

describe('lines of which nobody need be asked', () => {
  it.each([
    ['a comment of C', 'a.c', ['/* why', ' * and how', ' */'], ['int a;']],
    ['the end of one that began above', 'a.h', [' * the rest', ' */'], ['int a;']],
    ['a line of C++', 'a.cc', ['// why'], ['int a; // why']],
    ['headers', 'a.c', ['#include <a.h>', '# include "b.h"'], ['#define A 1']],
    ['a comment of make', 'tools/Makefile', ['# why', '##'], ['A := 1 # why']],
    ['a comment of Python', 'a.py', ['    # why'], ['#!/usr/bin/python']],
  ])('are %s', (_, path, idle, others) => {
    expect([...idleIn(adding(...idle, ...others), path)]).toEqual(idle)
  })

  it.each([
    ['code behind a comment', 'a.c', '/* why */ a = 1;'],
    ['a pointer that is set', 'a.c', '*a = 1;'],
    ['a setting that is off', 'a.conf', '# CONFIG_PV is not set'],
    ['what looks like one in a text', 'a.txt', '# why'],
  ])('are not %s', (_, path, line) => {
    expect(idleIn(adding(line), path).size).toBe(0)
  })
})

it('a hunk includes headers and nothing else', () => {
  expect(onlyIncludes(adding('#include <a.h>', ''))).toBe(true)
  expect(onlyIncludes(adding('#include <a.h>', '#define A 1'))).toBe(false)
  expect(onlyIncludes(adding(''))).toBe(false)
})

it('a file says that a program wrote it, in its head', () => {
  expect(saysItIsGenerated(['#', '# Automatically generated file; DO NOT EDIT.'])).toBe(true)
  expect(saysItIsGenerated(['/* config.h.  Generated from config.h.in by configure.  */'])).toBe(true)
  expect(saysItIsGenerated(['int generated;', 'the generated code'])).toBe(false)
  expect(saysItIsGenerated([...Array(20).fill(''), '# DO NOT EDIT'])).toBe(false)
})

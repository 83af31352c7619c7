import { bytesPerMb } from './vmState';

// How long work takes on nominal hardware. Ratios are what matters: a merge of a hundred gigabytes outlasts everything.

const millisecondsPerSecond = 1_000;

function transferMs(bytes: number, megabytesPerSecond: number): number {
  return (bytes / bytesPerMb / megabytesPerSecond) * millisecondsPerSecond;
}

// Up to here, waiting is no burden to anybody.
const shortMs = 4_000;
const compression = 0.4;

/** For demonstrations: what is short takes as long as it does, a merge of 5 GB some 10 seconds and one of 600 GB a minute. */
export function briskly(nominalMs: number): number {
  return nominalMs <= shortMs ? nominalMs : shortMs * (nominalMs / shortMs) ** compression;
}

export const forkMs = 1_500;
export const quiesceMs = 6_000;
export const revertMs = 2_500;
export const treeMs = 500;
export const powerMs = 2_000;
export const reconfigureMs = 800;
export const estimateMs = 700;
export const destroyMs = 1_200;
export const renameMs = 300;

export function saveMemoryMs(bytes: number): number {
  return transferMs(bytes, 400);
}

export function loadMemoryMs(bytes: number): number {
  return transferMs(bytes, 800);
}

export function mergeMs(bytes: number): number {
  return 1_000 + transferMs(bytes, 200);
}

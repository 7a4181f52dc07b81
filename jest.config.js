const { availableParallelism } = require('node:os');

// The package files of several n8n versions have the same name.
const modulePathIgnorePatterns = ['<rootDir>/test/n8n'];
const transform = { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json' }] };

/** @type {import('jest').Config} */
module.exports = {
	// Generous, because a slow machine is not a failure.
	testTimeout: 60_000,
	// Two at least: most suites wait for n8n more than they compute, and jest would run one on a machine with two cores.
	maxWorkers: Math.max(2, availableParallelism() - 1),
	projects: [
		{
			displayName: 'unit',
			testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
			transform,
			modulePathIgnorePatterns,
		},
		{
			displayName: 'core',
			testMatch: ['<rootDir>/test/core/**/*.test.ts'],
			transform,
			modulePathIgnorePatterns,
		},
		{
			displayName: 'e2e',
			testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
			transform,
			modulePathIgnorePatterns,
			globalSetup: '<rootDir>/test/harness/global-setup.ts',
			globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
			setupFilesAfterEnv: ['<rootDir>/test/harness/jest-setup.ts'],
			testEnvironment: '<rootDir>/test/harness/jest-environment.ts',
		},
		{
			displayName: 'queue',
			testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
			transform,
			modulePathIgnorePatterns,
			setupFilesAfterEnv: ['<rootDir>/test/harness/jest-setup.ts'],
			testEnvironment: '<rootDir>/test/harness/jest-environment.ts',
		},
		{
			displayName: 'reliability',
			testMatch: ['<rootDir>/test/reliability/**/*.test.ts'],
			transform,
			modulePathIgnorePatterns,
			globalSetup: '<rootDir>/test/reliability/global-setup.ts',
			setupFilesAfterEnv: ['<rootDir>/test/reliability/jest-setup.ts'],
			testEnvironment: '<rootDir>/test/harness/jest-environment.ts',
		},
	],
};

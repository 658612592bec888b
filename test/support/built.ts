export const BUILD_FAILED_VARIABLE = 'LAUNCH_BUILD_FAILED';

/** For tests that start our own processes: fails where those would be of an older build. */
export function requireBuild(): void {
  if (process.env[BUILD_FAILED_VARIABLE])
    throw new Error('The build failed (npm run build); this test runs what is built');
}

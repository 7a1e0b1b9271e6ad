/**
 * As long as a test of the project `together` waits for what must come. Such a test gets what the others leave of the
 * processor: how soon it comes says nothing, and only that it never comes is a fault.
 */
export const patientMs = 60_000;

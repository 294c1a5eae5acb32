/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KB_UUID_H
#define KB_UUID_H

#define KB_UUID_LEN	37

/** kb_uuid() - a random (version 4) UUID; "" when the system gives no random bytes */
void kb_uuid(char text[KB_UUID_LEN]);

#endif

/**
 * Four pictures as Chromium 156 encodes them in VP9 with three spatial layers (L3T3_KEY), a key frame
 * first: 320x180, 640x360 and 1280x720. No encoder of ffmpeg's makes such.
 */

/** The layers of each picture, lowest first. */
export const SCALABLE_PICTURES: readonly (readonly Uint8Array[])[] = [
  [
    bytes(
      "g0mDQgAT8As4J/gWeFjgkHBjmAAHQF9eDP/8PzvW5I6Zdm7o4pGdivnuRFI8OOMAFrgAejdviXEtkpQpOE2/" +
        "Z5orhMVAcmt278Lz90onquHB8oY4gzP+5ff8ZbrbaJjPWvc61bKl2UXKTKlSrPPyLvuZWlnqeSRoTLZz2P+z" +
        "rBWsAIyGxkT3Qu/1E04pvUWBcVKFi6n5GAOR273fOULJ4v6F6WxZWRwMNpbLYsmNuxKm5tmiwzNxmdWkFCZm" +
        "mGQvU7sHk/qz4Z503Fw6Ooo7w1AsKMrTdBxpfdamNbadI7VZ5Ai9yzRlHcZgAoMGRnr8bnf86qFfgdSVsJJk" +
        "7q7LwBVXh96NkX65ceuDgDvI9pqeLHHNPrFts7t+FcEAEKslo5MeIH03GbJp5NmVxP2MQA==",
    ),
    bytes(
      "hwICAAT+As8E/wLPsOHBIODG0AASAH+R5GhjTVnzOzZSxdvBqzgcAL5X3fA1B2l7S/Y8h9YY//Z+fdHq9UXw" +
        "PgaaZ17qYE+VaU+fp6j1Saau+V9EE+saK6V+7RQAAHpPt/wNIJ+kEysu8WExV5+Y+XIHugvdZxidl38OQ7ie" +
        "HDw4tWeQ/VzVrBKH8gvZyg01WDCJGO0/5L+Kgdjg4Vp1/n0ne2+gx6ZU8+NuLhCypxawKkVMOcOsCpFTDjJZ" +
        "9DviB5ZJ4LndSFrAqRUw5w6wKkVMOMln0O+IHlkngud0q3CsG0VUbagM8n51G0PlPrvP+fVWhvDmFcKwbRVR" +
        "tqAzyfnUbQgX4BZ7wz0TYZm5Aw3MpZjEVrgLKoS9pZfCj2ZJn/mnOmPRVLfp6Dj0bmoABsIr0a3lthdcdTYp" +
        "ncWVbjIClpM5VZy3nYQWFKQOB/QN0t7M3lKgChqJjqfeC/ZfwuqpJ4JsZXsDe823z8+pdDqP+fvygkRJo1UG" +
        "qCX1BuAeu0Y69mAO2ZJicvAFpr7P4VkmC47zrH4i10qKVFKilQgBb8Hw3vvhGf+ojDo/bhhtUP1P/XIZWcjC" +
        "ZWPys9jPTklgw/d3pKw9MPdZ5zgBwNSVO+tzImt0jeabUECNv++X1niYRdOysflZ7GenJLBh+7vSVh6Ye6zz" +
        "nADgakkl2KgChqJjqfeC/i9X0QlJKoaAPRBe5QQo1QqerW1Uak2+085nRa0o0+m0mDUGOp9HE4AzdDDMf0og" +
        "P+EBc0+3intd7ALCnHl5WhuyFQO9jeN4DVC1+TnziJ7V3sn0Dji4EOZmqokDvY3jd5WySmls0WZkoIT+US9m" +
        "8byK5sJJXwlgAjVC1+TnziJ7V3sdzLVJtERXA5Wjh6KwQj9Ehhg78znET2rvY9xL2bxvIrS4GJqe5qXKStAq" +
        "Cpuu9rvX/+jCVjMoAMo0Lx3ekrRr8wHlLW5vGRqJTTc0XgIYHaylxR2SoAbfhi65JaeBqf7mpeO7cOA80E7+" +
        "xkTYHCuE+7pMw6hw2RZKpIEA/48P/ZQTIl/Pvc6494eA",
    ),
    bytes(
      "hwQkAAn+BZ6w4cEg4MbQABNAfqNDGmrP+ndmyoi7eDV/croL6LnYu+BfLvr2lWl+5fgbUL5q1kF+z9e6M0bK" +
        "4V/5HxGaP0fn+Jj3Hyvx/o7UbeH5t/9vRHOb9IBiwABvoQ/TAQNG8I+beZpZpKH+C9V0ZcdpueTfgSG59STu" +
        "uNxKMEkd1AwA8654fwAa945LyNAPTUIwCWUDAUM0lTROm9OI3XDV7JVHlqMx8mDHQccjdzDUaJBOa3Qnev/z" +
        "DXdCUKXAFs2IGXHT3SIP3KEK5HBFr55Lj2SrWBEu+9W07J04xbBuaBQXu/kxk+d8aYRuhQL2maa5aMBQzSVN" +
        "E6b04ixMePZKtYES771bTsnTjFsG5oFBe7+K9evO9Yi1vHM3eUEhKOzcsQX/jyqGYeJtGHstcja7BS4C21EY" +
        "ChmkqaJ03pxFiY8eyVawIl33q+LISjs3LEF/48qhmHibRh7LXI2uwUuAttRGAoZpKmidN6cRYmPHslWsCJd9" +
        "6vlJFoLk3+tnT3SIP0Q/Q72WuRtdgpcBbaiMBQzSXQa5HBFsfDI8vjS8jwZL71cVshfVQMlpoxY8pN6vh+cu" +
        "d6zz0o/JiZtJSiCB5xAGEI/vs39vqoaFM/gLj+2DBIh0kGu9csXTSGo0p8ezpN1BsuZ+pEaAc819Mx1GMxuk" +
        "KcGMxukKcGMxukKcGMxuk1eCRl61PLmJLh/ZjZ3chgSG5YgJGXrU7QL+GurpI2kn+mJ+1Gm6l2EpkX4JlXUs" +
        "QRMP6vjB8cRXlJF+OP0ll0u3H28wmR0p8hW0LeKF4hhlrqsRkdgM8KnM2l1M9dkAoZEyl5r/Iy80ejzXktRc" +
        "3fKJkIM+pozMZlenfRikixzHFL6PNeSeSKO8zM+c2h7oQSNgWdu024HUGSa9fzNwpQTE3JASMvWp5cxJcP7M" +
        "bO7kMCQ3LEBIy9anlzElw/sxaUcTY8PgASDXpQCjj9MT9rKzdtlXzVHoA9djlf2FXwKRBy93vBJQ1yNsDF3S" +
        "G4+3er3ZCJWIp8tdUZbdxyYl6ReMggJm9pVc9Yiny11NxrswGeFTmbS6meuyAUMiWeQOAKp2xkdKfInM2l1M" +
        "9dkAoZEyl5r/Ix9Ixawe94OaVJ1bFcFrgP0KvqwgP0KvrHyI+3OmQf9qz2AARh16BRjSNs2dHSxEZYGK8/e/" +
        "TD04DlEOJ7vX3YaE9eKbdZu0CvwV37wTJTA9C4KF9MBhyvkHDAX65JLXMUlffjk1x8+VhO//uQuBydfIeuMs" +
        "2NbjhGcb9hzmERBOQturBMz5zP1JKxeuSS1zFJYLV8kGWzOvpYiAjhmZRtqcx6PLo2qsuLjx8+VhO//uQuBy" +
        "dfZQ5BTaujaXzWCh5G+QpGAw5XyDhg7vaoFjJGxdVOn019y4Hpo5YjXGNrPU8Cj/SIxoZCVejJBsh4v3OG/f" +
        "9MMM41g5yoUxLa8X+jDoSvkgy2ZphXIjCArYyRsKzWYtB3l19LEQEcMzKNtTkE7fomrHWC1MD0Lgn4/LssRr" +
        "jG1nqdb2HgXGKLKMR5aDvL4YUioOkxO16m+yGOBGA+NvNLZxxdWOTkbYF+949TRmYzK9O+oHVsfSVJJ9gY5j" +
        "ZA6I0iZSHsNMcR2t5c15MSkz8/XXXeTIx+fsN0BeRV0vZKHoVZU5iMObAfqVRBJm3ll4Ap2A6x+l8+292VQj" +
        "AWt9HccYlIIUx3Lq",
    ),
  ],
  [
    bytes("hwAAAAJ+AWcE/wLPsAHBIODJ0AABgHAAAGBqMt0EFP0M"),
    bytes("hwAgAAT+As8E/wLPszHBIODMQAADAHDKL9Hj/GH2pekAAHpSEA4y1gKLa/vFKIlTfi2/nfmI"),
    bytes("hwBAAAn+BZ6zIcEg4MwwAAQAcMov/D8e2yv0Ez1cV4sAAGr4vQEBpKL0BJkG8UtAi0KsuFnxPsXvvZc+"),
  ],
  [
    bytes("hwgGAAJ+AWcE/wLPsUHBIODIoAABgHAAAGBzKn6CCn6G"),
    bytes("hxAoAAT+As8E/wLPsoHBIODLYAADAHDKL9Hj/GH2pekAAHpSEEDeiMOZDlJATWeCsleRYaZYQA=="),
    bytes(
      "hyBKAAn+BZ6yccEg4MtAAASAdnjAAoaPdVcnmrNObARXiwAAbMdainiTvc1UC7fw8s36mjAKuqIgWb07rYbx" +
        "dgfDHuoJwsNP/LrVmkT8",
    ),
  ],
  [
    bytes("hwBgAAJ+AWcE/wLPsAHBIODI4AABgHAAAGBqMt0EFP0M"),
    bytes("hwCAAAT+As8E/wLPsZHBIODJkAADAHDKL9Hj/GH2pekAAHpSEA4y1g1LXYrPBVo78kNsQmX+gA=="),
    bytes(
      "hwCgAAn+BZ6xgcEg4MlwAAZAc7+nFIlO91QD+Te4YuH49tlfoJnq4rxYAG8JHEtJxZmoEDUOGmC1REcYAoNZ" +
        "3h4a7+VshsfD1mTuswPjDpvoUBeh68yfxXchB3bLfQSe5pSdrzJ/Fd34j1jUDN3+fwq6ole7ezJxuF4SMlNG" +
        "ZsInfoTFxeRIPx25OcNW",
    ),
  ],
];

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
